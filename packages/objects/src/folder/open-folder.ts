import { constants } from 'node:fs'
import { access, mkdir, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Fault } from '@kinoprint/contract'
import { checkBucket, hasEmptySegment } from '../names.ts'
import { foundOrNot, largerThan, noFolderName, reasonOf } from '../object-faults.ts'
import type { LocalFile, ObjectHead, ObjectStore } from '../object-store.ts'
import { closeTemporaryArea, sweepTemporaryArea } from '../temporary-area.ts'
import { asObjectFault, findBucket, findFile, UPLOADS } from './bucket-path.ts'
import { EtagCache } from './etag-cache.ts'
import { listFolder } from './list-folder.ts'
import { readFromFolder } from './read-from-folder.ts'
import { removeFromFolder } from './remove-from-folder.ts'
import { writeToFolder } from './write-to-folder.ts'

/** Buckets as folders: object `a/b.mp4` of bucket `x-125` is the file `bucketsDir/x-125/a/b.mp4`. */
export const openFolder = (dir: string): ObjectStore => {
  const bucketsDir = resolve(dir)
  const etags = new EtagCache()
  const locate = async (bucket: string, object: string, signal?: AbortSignal): Promise<Located> => {
    const place = await findBucket(bucketsDir, bucket, object)
    const path = await findFile(place)
    try {
      const stats = await stat(path, { bigint: true })
      const etag = await etags.of(path, stats, signal)
      return { path, size: Number(stats.size), etag, lastModified: new Date(Number(stats.mtimeMs)) }
    } catch (error) {
      if (signal?.aborted) throw new Fault('Cancelled', 'The job was stopped.', { cause: error })
      throw asObjectFault(error, bucket, object)
    }
  }
  return {
    kind: 'folder',
    head: async (bucket, object) => {
      const { size, etag, lastModified } = await locate(bucket, object)
      return { size, etag, lastModified }
    },
    exists: (bucket, object) =>
      foundOrNot(async () => findFile(await findBucket(bucketsDir, bucket, object))),
    fetch: async (bucket, object, { signal, maxBytes } = {}): Promise<LocalFile> => {
      if (signal?.aborted) throw new Fault('Cancelled', 'The job was stopped.')
      // The name is legal, so that a job may ask for it: the object is not there, and cannot be.
      if (hasEmptySegment(object)) throw noFolderName('ResourceNotFound', object)
      const path = await findFile(await findBucket(bucketsDir, bucket, object))
      const { size } = await stat(path)
      if (maxBytes !== undefined && size > maxBytes) throw largerThan(object, size, maxBytes)
      const located = await locate(bucket, object, signal)
      return { path: located.path, etag: located.etag, size: located.size, release: async () => undefined }
    },
    read: async (bucket, object, range) => readFromFolder(await locate(bucket, object), range),
    write: async (bucket, object, stream, options = {}) => {
      checkBucket(bucket)
      return writeToFolder({ bucketsDir, bucket, object, etags }, stream, options)
    },
    list: async (bucket, options = {}) => {
      checkBucket(bucket)
      return listFolder(join(bucketsDir, bucket), etags, options)
    },
    remove: async (bucket, object) => removeFromFolder(await findBucket(bucketsDir, bucket, object)),
    check: () => checkFolder(bucketsDir),
    sweepTemporaryFiles: async () => {
      let removed = 0
      for (const area of await uploadAreas(bucketsDir)) removed += await sweepTemporaryArea(area)
      return removed
    },
    close: async () => {
      for (const area of await uploadAreas(bucketsDir)) await closeTemporaryArea(area)
    },
  }
}

type Located = ObjectHead & { readonly path: string }

const uploadAreas = async (bucketsDir: string): Promise<string[]> => {
  const names = await readdir(bucketsDir).catch(() => [])
  return names.map((bucket) => join(bucketsDir, bucket, UPLOADS))
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
