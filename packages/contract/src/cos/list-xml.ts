import { encodeStrict } from '../tencent/signature.ts'
import { writeXml, type XmlNode } from '../tencent/xml-writer.ts'
import type { BucketListQuery, PartListQuery, UploadListQuery } from './list-query.ts'

const DECLARATION = `<?xml version='1.0' encoding='utf-8' ?>`

function documentOf(root: string, nodes: readonly XmlNode[]): string {
  return `${DECLARATION}${writeXml([root, nodes])}`
}

/** A name as the response shows it. Slashes stay as they are. */
function shown(name: string, isEncoded: boolean): string {
  return isEncoded ? encodeStrict(name).replaceAll('%2F', '/') : name
}

function encodingNodes(isEncoded: boolean): readonly XmlNode[] {
  return isEncoded ? [['EncodingType', 'url']] : []
}

/** The owner of everything in a bucket: the number at the end of its name, as in COS. */
function ownerNodes(bucket: string): readonly XmlNode[] {
  const id = /-(\d+)$/.exec(bucket)?.[1] ?? bucket
  return [
    ['ID', id],
    ['DisplayName', id],
  ]
}

type ListedObject = {
  readonly object: string
  readonly size: number
  /** With quotes; undefined if it is not known without reading the object. */
  readonly etag: string | undefined
  readonly lastModified: Date
}

export type BucketListAnswer = {
  readonly bucket: string
  readonly query: BucketListQuery
  readonly objects: readonly ListedObject[]
  readonly prefixes: readonly string[]
  /** The last name of a page that others follow; null on the last page. */
  readonly nextMarker: string | null
}

/** The response to GET on a bucket. */
export function bucketListXml({ bucket, query, objects, prefixes, nextMarker }: BucketListAnswer): string {
  const { isEncoded, delimiter } = query
  return documentOf('ListBucketResult', [
    ['Name', bucket],
    ...encodingNodes(isEncoded),
    ['Prefix', shown(query.prefix, isEncoded)],
    ['Marker', shown(query.marker, isEncoded)],
    ['MaxKeys', query.maxKeys],
    ...(delimiter === '' ? [] : [['Delimiter', delimiter] as const]),
    ['IsTruncated', String(nextMarker !== null)],
    ...(nextMarker === null ? [] : [['NextMarker', shown(nextMarker, isEncoded)] as const]),
    ...objects.map(
      ({ object, size, etag, lastModified }): XmlNode => [
        'Contents',
        [
          ['Key', shown(object, isEncoded)],
          ['LastModified', lastModified.toISOString()],
          ['ETag', etag ?? ''],
          ['Size', size],
          ['Owner', ownerNodes(bucket)],
          ['StorageClass', 'STANDARD'],
        ],
      ],
    ),
    ...prefixes.map((prefix): XmlNode => ['CommonPrefixes', [['Prefix', shown(prefix, isEncoded)]]]),
  ])
}

export type UploadName = { readonly bucket: string; readonly object: string; readonly uploadId: string }

/** The response to POST ?uploads. */
export function uploadXml({ bucket, object, uploadId }: UploadName): string {
  return documentOf('InitiateMultipartUploadResult', [
    ['Bucket', bucket],
    ['Key', object],
    ['UploadId', uploadId],
  ])
}

/** The response to POST ?uploadId. */
export function completedXml(answer: {
  readonly location: string
  readonly bucket: string
  readonly object: string
  readonly etag: string
}): string {
  return documentOf('CompleteMultipartUploadResult', [
    ['Location', answer.location],
    ['Bucket', answer.bucket],
    ['Key', answer.object],
    ['ETag', answer.etag],
  ])
}

export type PartListAnswer = UploadName & {
  readonly query: PartListQuery
  readonly parts: readonly {
    readonly number: number
    readonly size: number
    readonly etag: string
    readonly receivedAt: Date
  }[]
  readonly isTruncated: boolean
}

/** The response to GET ?uploadId. */
export function partListXml({ bucket, object, uploadId, query, parts, isTruncated }: PartListAnswer): string {
  return documentOf('ListPartsResult', [
    ['Bucket', bucket],
    ...encodingNodes(query.isEncoded),
    ['Key', shown(object, query.isEncoded)],
    ['UploadId', uploadId],
    ['Initiator', ownerNodes(bucket)],
    ['Owner', ownerNodes(bucket)],
    ['StorageClass', 'STANDARD'],
    ['PartNumberMarker', query.marker],
    ['NextPartNumberMarker', parts.at(-1)?.number ?? query.marker],
    ['MaxParts', query.maxParts],
    ['IsTruncated', String(isTruncated)],
    ...parts.map(
      ({ number, size, etag, receivedAt }): XmlNode => [
        'Part',
        [
          ['PartNumber', number],
          ['LastModified', receivedAt.toISOString()],
          ['ETag', etag],
          ['Size', size],
        ],
      ],
    ),
  ])
}

export type UploadListAnswer = {
  readonly bucket: string
  readonly query: UploadListQuery
  readonly uploads: readonly {
    readonly object: string
    readonly uploadId: string
    readonly createdAt: Date
  }[]
  readonly isTruncated: boolean
}

/** The response to GET ?uploads. */
export function uploadListXml({ bucket, query, uploads, isTruncated }: UploadListAnswer): string {
  const { isEncoded } = query
  const last = uploads.at(-1)
  return documentOf('ListMultipartUploadsResult', [
    ['Bucket', bucket],
    ...encodingNodes(isEncoded),
    ['KeyMarker', shown(query.keyMarker, isEncoded)],
    ['UploadIdMarker', query.uploadIdMarker],
    ...(isTruncated && last !== undefined
      ? [
          ['NextKeyMarker', shown(last.object, isEncoded)] as const,
          ['NextUploadIdMarker', last.uploadId] as const,
        ]
      : []),
    ['MaxUploads', query.maxUploads],
    ['IsTruncated', String(isTruncated)],
    ['Prefix', shown(query.prefix, isEncoded)],
    ...uploads.map(
      ({ object, uploadId, createdAt }): XmlNode => [
        'Upload',
        [
          ['Key', shown(object, isEncoded)],
          ['UploadId', uploadId],
          ['StorageClass', 'STANDARD'],
          ['Initiator', ownerNodes(bucket)],
          ['Owner', ownerNodes(bucket)],
          ['Initiated', createdAt.toISOString()],
        ],
      ],
    ),
  ])
}
