import { openFolder } from './folder/open-folder.ts'
import type { ObjectStore } from './object-store.ts'
import { openS3 } from './s3/open-s3.ts'
import type { S3Settings } from './s3/s3-settings.ts'

export type ObjectSettings = {
  /** Folder whose folders are the buckets; not used when `s3` is set. */
  readonly bucketsDir: string
  /** Where copies of S3 objects lie while they are read; the system's temporary folder unless given. */
  readonly temporaryDir?: string | undefined
  readonly s3?: S3Settings | undefined
  /** Bytes; a larger object is refused before any of it is read. No limit unless given. */
  readonly maxObjectBytes?: number | undefined
}

/**
 * Opens the S3-compatible store if one is set, else the folder. Nothing is contacted before the first use.
 *
 * @example const objects = openObjectStore({ bucketsDir: './data/buckets' })
 */
export const openObjectStore = ({
  bucketsDir,
  temporaryDir,
  s3,
  maxObjectBytes,
}: ObjectSettings): ObjectStore =>
  s3 === undefined ? openFolder(bucketsDir, { maxObjectBytes }) : openS3(s3, { temporaryDir, maxObjectBytes })
