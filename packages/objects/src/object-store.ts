import type { Readable } from 'node:stream'

/** What is known of an object without reading it. */
export type ObjectHead = {
  /** Bytes. */
  readonly size: number
  /** With its quotes, as HTTP writes it: `"d41d8cd98f00b204e9800998ecf8427e"`. */
  readonly etag: string
  readonly lastModified: Date
}

export type ObjectItem = Omit<ObjectHead, 'etag'> & {
  readonly object: string
  /** Undefined where the content would have to be read for it: `head` reads it. */
  readonly etag: string | undefined
}

/** An object as a file on this machine, until it is released. */
export type LocalFile = {
  readonly path: string
  /**
   * Opens the very file that was checked, in this process and until the release, whatever stands at `path` by then.
   * Undefined where the system has no such paths, and where nobody but this process writes at `path`.
   */
  readonly openPath?: string | undefined
  readonly etag: string
  readonly size: number
  /** Call it once the file is no longer needed; a second call does nothing. */
  readonly release: () => Promise<void>
}

export type FetchOptions = {
  readonly signal?: AbortSignal | undefined
  /** A larger object is refused before it is copied or read; the store's own limit unless given. */
  readonly maxBytes?: number | undefined
}

/** Both ends included, as in an HTTP Range header; without `end` up to the last byte. */
export type ByteRange = { readonly start: number; readonly end?: number | undefined }

export type ObjectRead = ObjectHead & {
  readonly stream: Readable
  /** The bytes that the stream brings, both ends included; undefined for an empty object. */
  readonly range: { readonly start: number; readonly end: number } | undefined
}

export type WriteOptions = {
  /** Bytes that must come; more or fewer leave nothing behind. */
  readonly contentLength?: number | undefined
  readonly maxBytes?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export type ListOptions = {
  readonly prefix?: string | undefined
  /** From 1. */
  readonly page?: number | undefined
  /** 1..1000, 100 unless given. */
  readonly pageSize?: number | undefined
}

export type ObjectList = {
  /** In order of the name's UTF-8 bytes, as S3 lists. */
  readonly items: readonly ObjectItem[]
  readonly total: number
}

/**
 * The objects of all buckets, in folders or in an S3-compatible store. Failures are Faults: InvalidArgument for
 * a name that no object may have, ResourceNotFound, ResourceAccessDenied, ResourceDownloadFailed.
 */
export type ObjectStore = {
  readonly kind: 'folder' | 's3'
  readonly head: (bucket: string, object: string) => Promise<ObjectHead>
  /** Bytes, without reading any: `head` may have to read the whole object for its ETag. */
  readonly sizeOf: (bucket: string, object: string, signal?: AbortSignal) => Promise<number>
  /** Without reading it; throws where that cannot be told. */
  readonly exists: (bucket: string, object: string) => Promise<boolean>
  readonly fetch: (bucket: string, object: string, options?: FetchOptions) => Promise<LocalFile>
  readonly read: (bucket: string, object: string, range?: ByteRange) => Promise<ObjectRead>
  readonly write: (
    bucket: string,
    object: string,
    stream: AsyncIterable<Uint8Array>,
    options?: WriteOptions,
  ) => Promise<{ readonly size: number; readonly etag: string }>
  readonly list: (bucket: string, options?: ListOptions) => Promise<ObjectList>
  readonly remove: (bucket: string, object: string) => Promise<void>
  /** Throws if the store cannot be reached or written to; for readiness. */
  readonly check: () => Promise<void>
  /** Removes what processes that no longer live have left behind. Answers how many files went. */
  readonly sweepTemporaryFiles: () => Promise<number>
  readonly close: () => Promise<void>
}
