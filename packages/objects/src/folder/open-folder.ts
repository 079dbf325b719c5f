import { constants } from 'node:fs'
import { access, mkdir, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Fault } from '@kinoprint/core'
import { checkBucketName, hasEmptySegment, isBucketName } from '../names.ts'
import { isFound, notAFileName, publicReason, tooLarge } from '../object-faults.ts'
import type { LocalFile, ObjectHead, ObjectStore } from '../object-store.ts'
import {
  closeTemporaryFolder,
  type SweepOptions,
  sweepTemporaryFolder,
  TEMPORARY_NAME,
} from '../temporary-folder.ts'
import { asObjectFault, locateObject, type ObjectLocation, realPathOf, UPLOADS } from './bucket-path.ts'
import { EtagCache, etagFromStats } from './etag-cache.ts'
import { folderParts } from './folder-parts.ts'
import { listFolder } from './list-folder.ts'
import { type OpenFile, openFile, openPathOf, readRange } from './open-file.ts'
import { removeObject, writeObject } from './write-object.ts'

export type FolderOptions = {
  /** A larger object is not fetched, and its content is not read to compute its ETag. */
  readonly maxObjectBytes?: number | undefined
}

/** Folder beside the buckets for ETags that do not follow from the content. Not the name of a bucket. */
const ETAGS = '.etags'

/** Buckets as folders: object `a/b.mp4` of bucket `x-125` is the file `bucketsDir/x-125/a/b.mp4`. */
export function openFolderStore(
  dir: string,
  { maxObjectBytes = Number.POSITIVE_INFINITY }: FolderOptions = {},
): ObjectStore {
  const bucketsDir = resolve(dir)
  const etags = new EtagCache(join(bucketsDir, ETAGS))
  const context = { etags, maxObjectBytes }
  const locate = (bucket: string, object: string): Promise<ObjectLocation> =>
    locateObject(bucketsDir, bucket, object)
  const fetch: ObjectStore['fetch'] = async (bucket, object, { signal, maxBytes = maxObjectBytes } = {}) => {
    if (signal?.aborted) throw new Fault('Cancelled', 'The job was stopped.')
    // A job may name such an object, because its name is valid, but a folder cannot store it.
    if (hasEmptySegment(object)) throw notAFileName('ResourceNotFound', object)
    return fetchFile(context, await locate(bucket, object), { signal, maxBytes })
  }
  return {
    kind: 'folder',
    head: async (bucket, object) => {
      const location = await locate(bucket, object)
      const file = await openFile(location)
      return headOf(context, { file, location }).finally(() => file.handle.close())
    },
    sizeOf: async (bucket, object) => sizeOf(await locate(bucket, object)),
    exists: (bucket, object) => isFound(async () => realPathOf(await locate(bucket, object))),
    fetch,
    open: async (bucket, object, options) => {
      const { path, openPath = path, etag, size, release } = await fetch(bucket, object, options)
      return { etag, size, read: async () => openPath, release }
    },
    readParts: async (bucket, object, { signal, use }) => {
      const { path, openPath = path, etag, release } = await fetch(bucket, object, { signal })
      return use({ path: openPath, etag }).finally(release)
    },
    read: async (bucket, object, range) => {
      const location = await locate(bucket, object)
      const file = await openFile(location)
      try {
        return await readRange(file, await headOf(context, { file, location }), range)
      } catch (error) {
        await file.handle.close()
        throw error
      }
    },
    write: async (bucket, object, stream, options = {}) => {
      checkBucketName(bucket)
      const limited = { maxBytes: maxObjectBytes, ...options }
      return writeObject({ bucketsDir, bucket, object, etags }, stream, limited)
    },
    list: async (bucket, options = {}) => {
      checkBucketName(bucket)
      return listFolder(join(bucketsDir, bucket), etags, options)
    },
    remove: async (bucket, object) => removeObject(await locate(bucket, object)),
    parts: folderParts(bucketsDir, { maxBytes: maxObjectBytes }),
    check: () => checkFolder(bucketsDir),
    sweepTemporaryFiles: async () => {
      let removed = await etags.sweep()
      for (const { path, options } of await uploadFolders(bucketsDir))
        removed += await sweepTemporaryFolder(path, options)
      return removed
    },
    close: async () => {
      for (const { path } of await uploadFolders(bucketsDir)) await closeTemporaryFolder(path)
    },
  }
}

async function sizeOf(location: ObjectLocation): Promise<number> {
  return stat(await realPathOf(location)).then(
    ({ size }) => size,
    (error: unknown) => {
      throw asObjectFault(error, location.bucket, location.object)
    },
  )
}

type FolderContext = { readonly etags: EtagCache; readonly maxObjectBytes: number }

type LocatedFile = {
  readonly file: OpenFile
  readonly location: ObjectLocation
  readonly signal?: AbortSignal | undefined
}

async function headOf(
  { etags, maxObjectBytes }: FolderContext,
  { file, location, signal }: LocatedFile,
): Promise<ObjectHead> {
  const { stats } = file
  const size = Number(stats.size)
  try {
    const etag = size > maxObjectBytes ? etagFromStats(stats) : await etags.get(file, signal)
    return { size, etag, lastModified: new Date(Number(stats.mtimeMs)) }
  } catch (error) {
    if (signal?.aborted) throw new Fault('Cancelled', 'The job was stopped.', { cause: error })
    throw asObjectFault(error, location.bucket, location.object)
  }
}

async function fetchFile(
  context: FolderContext,
  location: ObjectLocation,
  { signal, maxBytes }: { readonly signal: AbortSignal | undefined; readonly maxBytes: number },
): Promise<LocalFile> {
  const file = await openFile(location)
  const release = closeOnce(file)
  try {
    if (file.stats.size > maxBytes) throw tooLarge(location.object, Number(file.stats.size), maxBytes)
    const { size, etag } = await headOf(context, { file, location, signal })
    return { path: file.path, openPath: openPathOf(file), etag, size, release }
  } catch (error) {
    await release()
    throw error
  }
}

function closeOnce({ handle }: OpenFile): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => {
    closing ??= handle.close()
    return closing
  }
}

type UploadFolder = { readonly path: string; readonly options: SweepOptions }

/**
 * A bucket that is a link may be shared with other programs, so a sweep there removes only names in the format of
 * uploads.
 */
async function uploadFolders(bucketsDir: string): Promise<UploadFolder[]> {
  const entries = await readdir(bucketsDir, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => isBucketName(entry.name))
    .map((entry) => ({
      path: join(bucketsDir, entry.name, UPLOADS),
      options: entry.isSymbolicLink() ? { only: TEMPORARY_NAME } : {},
    }))
}

async function checkFolder(bucketsDir: string): Promise<void> {
  try {
    await mkdir(bucketsDir, { recursive: true })
    await access(bucketsDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const message = `The buckets folder cannot be read and written (${publicReason(cause)}). Check BUCKETS_DIR.`
    throw new Fault('ServiceUnavailable', message, { cause })
  }
}
