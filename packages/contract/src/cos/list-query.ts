import { Fault } from '@kinoprint/core'
import type { QueryField } from '../tencent/request-parts.ts'

type Query = readonly QueryField[]

/** The first value of a parameter. COS treats names as case-sensitive; SDKs send them in lower or mixed case. */
function fieldOf(query: Query, name: string): string | undefined {
  return query.find(([key]) => key.toLowerCase() === name)?.[1]
}

/** Most entries on one page of a list. */
const MAX_ENTRIES = 1000

function countOf(query: Query, name: string): number {
  const text = fieldOf(query, name) ?? ''
  if (text === '') return MAX_ENTRIES
  if (!/^\d{1,9}$/.test(text))
    throw new Fault('InvalidArgument', `${name} must be a whole number from 1 to 1000.`)
  return Math.max(1, Math.min(Number(text), MAX_ENTRIES))
}

function encodingOf(query: Query): boolean {
  const encoding = fieldOf(query, 'encoding-type') ?? ''
  if (encoding !== '' && encoding !== 'url') throw new Fault('InvalidArgument', 'encoding-type must be url.')
  return encoding === 'url'
}

export type BucketListQuery = {
  readonly prefix: string
  /** Only names after this one. */
  readonly marker: string
  readonly delimiter: '' | '/'
  readonly maxKeys: number
  /** Whether the response contains percent-encoded names. */
  readonly isEncoded: boolean
}

/** Parses the query of GET on a bucket. Throws Fault InvalidArgument. */
export function parseBucketListQuery(query: Query): BucketListQuery {
  const delimiter = fieldOf(query, 'delimiter') ?? ''
  if (delimiter !== '' && delimiter !== '/') throw new Fault('InvalidArgument', 'delimiter must be /.')
  return {
    prefix: fieldOf(query, 'prefix') ?? '',
    marker: fieldOf(query, 'marker') ?? '',
    delimiter,
    maxKeys: countOf(query, 'max-keys'),
    isEncoded: encodingOf(query),
  }
}

export type UploadListQuery = {
  readonly prefix: string
  readonly keyMarker: string
  readonly uploadIdMarker: string
  readonly maxUploads: number
  readonly isEncoded: boolean
}

/** Parses the query of GET ?uploads. Throws Fault InvalidArgument. */
export function parseUploadListQuery(query: Query): UploadListQuery {
  return {
    prefix: fieldOf(query, 'prefix') ?? '',
    keyMarker: fieldOf(query, 'key-marker') ?? '',
    uploadIdMarker: fieldOf(query, 'upload-id-marker') ?? '',
    maxUploads: countOf(query, 'max-uploads'),
    isEncoded: encodingOf(query),
  }
}

export type PartListQuery = {
  /** Only parts after this one. */
  readonly marker: number
  readonly maxParts: number
  readonly isEncoded: boolean
}

/** Parses the query of GET ?uploadId. Throws Fault InvalidArgument. */
export function parsePartListQuery(query: Query): PartListQuery {
  const marker = fieldOf(query, 'part-number-marker') ?? ''
  if (!/^\d{0,9}$/.test(marker))
    throw new Fault('InvalidArgument', 'part-number-marker must be a whole number.')
  return { marker: Number(marker), maxParts: countOf(query, 'max-parts'), isEncoded: encodingOf(query) }
}

/** Number of the last part that an upload can have. */
const MAX_PART = 10_000

/** The partNumber of an upload of a part. Throws Fault InvalidArgument unless it is 1 to 10,000. */
export function parsePartNumber(query: Query): number {
  const text = fieldOf(query, 'partnumber') ?? ''
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > MAX_PART) {
    throw new Fault('InvalidArgument', `partNumber must be a whole number from 1 to ${MAX_PART}.`)
  }
  return number
}
