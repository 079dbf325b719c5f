import { formatTime } from './time.ts'
import { writeXml, type XmlNode } from './xml-writer.ts'

/** The first fields of every paged response. */
export type PagedAnswer = {
  readonly requestId: string
  readonly totalCount: number
  readonly pageNumber: number
  readonly pageSize: number
}

export type DnaDbView = {
  readonly bucketId: string
  readonly region: string
  readonly dnaDbId: string
  readonly name: string
  readonly capacity: number
  readonly description: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type DnaDbAnswer = PagedAnswer & {
  readonly libraries: readonly DnaDbView[]
  /** Requested ids that do not exist. */
  readonly nonExistIds: readonly string[]
}

/** The elements that begin every paged response. */
export function pageHead({ requestId, totalCount, pageNumber, pageSize }: PagedAnswer): readonly XmlNode[] {
  return [
    ['RequestId', requestId],
    ['TotalCount', totalCount],
    ['PageNumber', pageNumber],
    ['PageSize', pageSize],
  ]
}

function libraryNode(library: DnaDbView): XmlNode {
  return [
    'DNADbConfig',
    [
      ['BucketId', library.bucketId],
      ['Region', library.region],
      ['DNADbId', library.dnaDbId],
      ['DNADbName', library.name],
      ['Capacity', library.capacity],
      ['Description', library.description],
      ['CreateTime', formatTime(library.createdAt)],
      ['UpdateTime', formatTime(library.updatedAt)],
    ],
  ]
}

/** The response to GET /dnadb. */
export function dnaDbXml(answer: DnaDbAnswer): string {
  return writeXml([
    'Response',
    [
      ...pageHead(answer),
      ...answer.libraries.map(libraryNode),
      ...answer.nonExistIds.map((id): XmlNode => ['NonExistIDs', id]),
    ],
  ])
}

type DnaDbFileView = {
  readonly bucketId: string
  readonly region: string
  readonly dnaDbId: string
  readonly videoId: string
  readonly object: string
  /** Including its double quotes. */
  readonly etag: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type DnaDbFilesAnswer = PagedAnswer & { readonly files: readonly DnaDbFileView[] }

function fileNode(file: DnaDbFileView): XmlNode {
  return [
    'DNADbFiles',
    [
      ['BucketId', file.bucketId],
      ['Region', file.region],
      ['DNADbId', file.dnaDbId],
      ['VideoId', file.videoId],
      ['Object', file.object],
      ['ETag', file.etag],
      ['CreateTime', formatTime(file.createdAt)],
      ['UpdateTime', formatTime(file.updatedAt)],
    ],
  ]
}

/** The response to GET /dnadb_files. */
export function dnaDbFilesXml(answer: DnaDbFilesAnswer): string {
  return writeXml(['Response', [...pageHead(answer), ...answer.files.map(fileNode)]])
}
