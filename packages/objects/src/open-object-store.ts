import type { Log } from '@kinoprint/core'
import { openFolderStore } from './folder/open-folder.ts'
import type { ObjectStore } from './object-store.ts'
import { openS3Store } from './s3/open-s3.ts'
import type { S3Settings } from './s3/s3-client.ts'

export type ObjectStoreSettings = {
  /** Folder that contains the buckets as folders; unused when `s3` is set. */
  readonly bucketsDir: string
  /** Where objects from S3 are copied to while they are read. Default: the system's temporary folder. */
  readonly temporaryDir?: string | undefined
  readonly s3?: S3Settings | undefined
  /** Bytes. A larger object is refused before it is read. Default: no limit. */
  readonly maxObjectBytes?: number | undefined
  /** Bytes. A smaller object is copied from S3 with one request. Default: 16 MiB. */
  readonly minRangedBytes?: number | undefined
  /** Milliseconds without a byte after which a part is requested again. Default: 10 s. */
  readonly rangeStallMs?: number | undefined
  /** Bytes. A larger object is sent to S3 in parts. Default: 5 GiB, the limit of one request. */
  readonly maxPutBytes?: number | undefined
  readonly log?: Log | undefined
}

/**
 * Opens the S3-compatible store if one is configured, otherwise the folder. Makes no connection before the first use.
 *
 * @example const objects = openObjectStore({ bucketsDir: './data/buckets' })
 */
export function openObjectStore(settings: ObjectStoreSettings): ObjectStore {
  const { bucketsDir, s3, maxObjectBytes } = settings
  return s3 === undefined ? openFolderStore(bucketsDir, { maxObjectBytes }) : openS3Store(s3, settings)
}
