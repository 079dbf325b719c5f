import { constants } from 'node:fs'
import { access, mkdir, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Fault } from '@kinoprint/core'
import { checkBucketName, hasEmptySegment, isBucket } from '../names.ts'
import { foundOrNot, largerThan, noFolderName, reasonOf } from '../object-faults.ts'
import type { LocalFile, ObjectHead, ObjectStore } from '../object-store.ts'
import {
  closeTemporaryArea,
  type SweepOptions,
  sweepTemporaryFolder,
  TEMPORARY_NAME,
} from '../temporary-area.ts'
import { asObjectFault, findBucket, findFile, type ObjectPlace, UPLOADS } from './bucket-path.ts'
import { EtagCache, etagOfMark } from './etag-cache.ts'
import { listFolder } from './list-folder.ts'
import { type OpenFile, openFile, openPathOf } from './open-file.ts'
import { readFromFolder } from './read-from-folder.ts'
import { removeFromFolder } from './remove-from-folder.ts'
import { writeToFolder } from './write-to-folder.ts'

export type FolderOptions = {
  /** A larger object is not handed to a decoder, and its content is not read for its ETag. */
  readonly maxObjectBytes?: number | undefined
}

/** Buckets as folders: object `a/b.mp4` of bucket `x-125` is the file `bucketsDir/x-125/a/b.mp4`. */
export const openFolder = (
  dir: string,
  { maxObjectBytes = Number.POSITIVE_INFINITY }: FolderOptions = {},
): ObjectStore => {
  const bucketsDir = resolve(dir)
  const etags = new EtagCache()
  const find = (bucket: string, object: string): Promise<ObjectPlace> =>
    findBucket(bucketsDir, bucket, object)
  const headOf = async (file: OpenFile, place: ObjectPlace, signal?: AbortSignal): Promise<ObjectHead> => {
    const { stats } = file
    const size = Number(stats.size)
    try {
      const etag = size > maxObjectBytes ? etagOfMark(stats) : await etags.of(file, signal)
      return { size, etag, lastModified: new Date(Number(stats.mtimeMs)) }
    } catch (error) {
      if (signal?.aborted) throw new Fault('Cancelled', 'The job was stopped.', { cause: error })
      throw asObjectFault(error, place.bucket, place.object)
    }
  }
  return {
    kind: 'folder',
    head: async (bucket, object) => {
      const place = await find(bucket, object)
      const file = await openFile(place)
      return headOf(file, place).finally(() => file.handle.close())
    },
    sizeOf: async (bucket, object) => {
      const place = await find(bucket, object)
      return stat(await findFile(place)).then(
        ({ size }) => size,
        (error: unknown) => {
          throw asObjectFault(error, bucket, object)
        },
      )
    },
    exists: (bucket, object) => foundOrNot(async () => findFile(await find(bucket, object))),
    fetch: async (bucket, object, { signal, maxBytes = maxObjectBytes } = {}): Promise<LocalFile> => {
      if (signal?.aborted) throw new Fault('Cancelled', 'The job was stopped.')
      // The name is legal, so that a job may ask for it: the object is not there, and cannot be.
      if (hasEmptySegment(object)) throw noFolderName('ResourceNotFound', object)
      const place = await find(bucket, object)
      const file = await openFile(place)
      const release = closeOnce(file)
      try {
        if (file.stats.size > maxBytes) throw largerThan(object, Number(file.stats.size), maxBytes)
        const { size, etag } = await headOf(file, place, signal)
        return { path: file.path, openPath: openPathOf(file), etag, size, release }
      } catch (error) {
        await release()
        throw error
      }
    },
    read: async (bucket, object, range) => {
      const place = await find(bucket, object)
      const file = await openFile(place)
      try {
        return await readFromFolder(file, await headOf(file, place), range)
      } catch (error) {
        await file.handle.close()
        throw error
      }
    },
    write: async (bucket, object, stream, options = {}) => {
      checkBucketName(bucket)
      const limited = { maxBytes: maxObjectBytes, ...options }
      return writeToFolder({ bucketsDir, bucket, object, etags }, stream, limited)
    },
    list: async (bucket, options = {}) => {
      checkBucketName(bucket)
      return listFolder(join(bucketsDir, bucket), etags, options)
    },
    remove: async (bucket, object) => removeFromFolder(await find(bucket, object)),
    check: () => checkFolder(bucketsDir),
    sweepTemporaryFiles: async () => {
      let removed = 0
      for (const { path, options } of await uploadAreas(bucketsDir))
        removed += await sweepTemporaryFolder(path, options)
      return removed
    },
    close: async () => {
      for (const { path } of await uploadAreas(bucketsDir)) await closeTemporaryArea(path)
    },
  }
}

const closeOnce = ({ handle }: OpenFile): (() => Promise<void>) => {
  let closing: Promise<void> | undefined
  return () => {
    closing ??= handle.close()
    return closing
  }
}

type UploadArea = { readonly path: string; readonly options: SweepOptions }

/**
 * A bucket that is a link leads to a folder that others may use as well: there only names are removed that nothing but
 * an upload has.
 */
const uploadAreas = async (bucketsDir: string): Promise<UploadArea[]> => {
  const entries = await readdir(bucketsDir, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => isBucket(entry.name))
    .map((entry) => ({
      path: join(bucketsDir, entry.name, UPLOADS),
      options: entry.isSymbolicLink() ? { only: TEMPORARY_NAME } : {},
    }))
}

const checkFolder = async (bucketsDir: string): Promise<void> => {
  try {
    await mkdir(bucketsDir, { recursive: true })
    await access(bucketsDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const message = `The folder of the buckets cannot be read and written (${reasonOf(cause)}); check BUCKETS_DIR.`
    throw new Fault('ServiceUnavailable', message, { cause })
  }
}
