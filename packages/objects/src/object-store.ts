import type { Readable } from 'node:stream'
import type { PartStore } from './parts.ts'

export type ObjectHead = {
  /** Size in bytes. */
  readonly size: number
  /** Including its quotes, as in HTTP: `"d41d8cd98f00b204e9800998ecf8427e"`. */
  readonly etag: string
  readonly lastModified: Date
}

export type ObjectItem = Omit<ObjectHead, 'etag'> & {
  readonly object: string
  /** Undefined if computing it would require reading the content, which `head` does. */
  readonly etag: string | undefined
}

/** An object as a local file, valid until it is released. */
export type LocalFile = {
  readonly path: string
  /**
   * Opens the checked file itself, in this process and until the release, even if another file replaces it at `path`.
   * Undefined if the system does not support such paths, or if only this process writes at `path`.
   */
  readonly openPath?: string | undefined
  readonly etag: string
  readonly size: number
  /** Call it once the file is no longer needed. Further calls have no effect. */
  readonly release: () => Promise<void>
}

export type FetchOptions = {
  readonly signal?: AbortSignal | undefined
  /** A larger object is refused before it is read. Default: the store's own limit. */
  readonly maxBytes?: number | undefined
}

/** An object whose content is read only if needed. */
type OpenObject = {
  readonly etag: string
  readonly size: number
  /**
   * Provides the content as a local file until the release. `check` is called before a download with a path that `probe`
   * and other functions of packages/media read in parts; what it throws ends the download.
   */
  readonly read: (check?: (path: string) => Promise<void>) => Promise<string>
  readonly release: () => Promise<void>
}

export type ReadPartsOptions<T> = {
  readonly signal?: AbortSignal | undefined
  /**
   * Reads the object at a path that functions of packages/media take. Called again if parts cannot be fetched, then with
   * a complete copy.
   */
  readonly use: (file: { readonly path: string; readonly etag: string }) => Promise<T>
}

/** Both ends are inclusive, as in an HTTP Range header. Without `end`, the range extends to the last byte. */
export type ByteRange = { readonly start: number; readonly end?: number | undefined }

export type ObjectRead = ObjectHead & {
  readonly stream: Readable
  /** The bytes in the stream, both ends inclusive; undefined for an empty object. */
  readonly range: { readonly start: number; readonly end: number } | undefined
}

export type WriteOptions = {
  /** Expected number of bytes. A stream with more or fewer bytes stores nothing. */
  readonly contentLength?: number | undefined
  readonly maxBytes?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Expected MD5 of the content, in hex. A stream with another one stores nothing. */
  readonly md5?: string | undefined
  /** ETag that the object gets in a folder, with quotes. Default: the MD5 of its content. */
  readonly etag?: string | undefined
}

export type ListOptions = {
  readonly prefix?: string | undefined
  /** Only names after this one. `total` then counts no further than the page requires. */
  readonly after?: string | undefined
  /** Starts at 1. */
  readonly page?: number | undefined
  /** 1..1000. Default: 100. */
  readonly pageSize?: number | undefined
  /** Leaves out objects below the folders directly under the prefix, and lists those folders instead. */
  readonly delimiter?: '/' | undefined
}

export type ObjectList = {
  /** In the order of the names' UTF-8 bytes, as in S3. */
  readonly items: readonly ObjectItem[]
  /** Number of objects on all pages. */
  readonly total: number
  /** With a delimiter: all folders directly under the prefix, each ending in a slash, sorted. Otherwise empty. */
  readonly prefixes: readonly string[]
}

/**
 * The objects of all buckets, in folders or in an S3-compatible store. Failures are Faults: InvalidArgument for an
 * invalid name, ResourceNotFound, ResourceAccessDenied, ResourceDownloadFailed, ResourceNotSupported (too large),
 * Cancelled, ServiceUnavailable.
 */
export type ObjectStore = {
  readonly kind: 'folder' | 's3'
  readonly head: (bucket: string, object: string) => Promise<ObjectHead>
  /** Size in bytes, without reading the content. `head` may have to read all of it for the ETag. */
  readonly sizeOf: (bucket: string, object: string, signal?: AbortSignal) => Promise<number>
  /** Without reading the content. Throws if the store cannot determine it. */
  readonly exists: (bucket: string, object: string) => Promise<boolean>
  /** Provides the object as a local file: the file itself in a folder, a temporary copy from S3. */
  readonly fetch: (bucket: string, object: string, options?: FetchOptions) => Promise<LocalFile>
  /** Opens one version of an object. From S3, nothing is downloaded before the content is read. */
  readonly open: (
    bucket: string,
    object: string,
    options?: Pick<FetchOptions, 'signal'>,
  ) => Promise<OpenObject>
  /** Calls `use` with the object: the file itself in a folder; from S3, only the parts that are read are downloaded. */
  readonly readParts: <T>(bucket: string, object: string, options: ReadPartsOptions<T>) => Promise<T>
  readonly read: (bucket: string, object: string, range?: ByteRange) => Promise<ObjectRead>
  /** Replaces the object atomically. */
  readonly write: (
    bucket: string,
    object: string,
    stream: AsyncIterable<Uint8Array>,
    options?: WriteOptions,
  ) => Promise<{ readonly size: number; readonly etag: string }>
  readonly list: (bucket: string, options?: ListOptions) => Promise<ObjectList>
  readonly remove: (bucket: string, object: string) => Promise<void>
  /** Parts of uploads. */
  readonly parts: PartStore
  /** For readiness: throws if the store cannot be reached, read or written. */
  readonly check: () => Promise<void>
  /** Removes files left behind by processes that have ended. Returns the number of files removed. */
  readonly sweepTemporaryFiles: () => Promise<number>
  readonly close: () => Promise<void>
}
