import { mkdir, open, rename, rm, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { hasErrorCode } from '../object-faults.ts'
import type { WriteOptions } from '../object-store.ts'
import { newTemporaryPath } from '../temporary-folder.ts'
import { type WrittenFile, writeStream } from '../write-stream.ts'
import {
  asObjectFault,
  createParentFolders,
  isWithin,
  locateObject,
  type ObjectLocation,
  realPathOf,
  UPLOADS,
  withParentFolder,
} from './bucket-path.ts'
import type { EtagCache } from './etag-cache.ts'

export type WriteTarget = {
  readonly bucketsDir: string
  readonly bucket: string
  readonly object: string
  readonly etags: EtagCache
}

/** A concurrent removal may delete a folder that was just created, but rarely more than once. */
const MOVE_ATTEMPTS = 3

/** Writes to a temporary file and renames it, so that readers see either the old or the new content, never a part. */
export async function writeObject(
  { bucketsDir, bucket, object, etags }: WriteTarget,
  stream: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<WrittenFile> {
  let temporary: string | undefined
  try {
    await mkdir(join(bucketsDir, bucket), { recursive: true })
    const location = await locateObject(bucketsDir, bucket, object)
    await createParentFolders(location)
    temporary = await newTemporaryPath(join(location.root, UPLOADS))
    const written = await writeStream(stream, temporary, options)
    const path = await moveInPlace(temporary, location)
    const stats = await stat(path, { bigint: true })
    if (options.etag === undefined) {
      etags.set(path, stats, written.etag)
      return written
    }
    await etags.keep(path, stats, options.etag)
    return { ...written, etag: options.etag }
  } catch (error) {
    throw asConflict(error, object) ?? asObjectFault(error, bucket, object)
  } finally {
    if (temporary !== undefined) await rm(temporary, { force: true })
  }
}

async function moveInPlace(temporary: string, location: ObjectLocation): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const path = await createParentFolders(location)
    try {
      await withParentFolder(location, path, (target) => rename(temporary, target))
      await syncFolder(dirname(path))
      return path
    } catch (error) {
      if (!hasErrorCode(error, 'ENOENT') || attempt === MOVE_ATTEMPTS) throw error
    }
  }
}

/** The new name survives a power failure only once its folder is on disk as well. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** In a folder, a name cannot be both an object and a prefix of another object's name, as it can in S3. */
function asConflict(error: unknown, object: string): Fault | undefined {
  if (!hasErrorCode(error, 'EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY')) return undefined
  const message = `${object} cannot be stored: part of its name is another object, or it is a folder of objects.`
  return new Fault('Conflict', message, { cause: error })
}

/** Removes an object, and the parent folders that become empty. */
export async function removeObject(location: ObjectLocation): Promise<void> {
  await realPathOf(location)
  const path = join(location.root, location.object)
  try {
    await withParentFolder(location, path, unlink)
  } catch (error) {
    throw asObjectFault(error, location.bucket, location.object)
  }
  for (let folder = dirname(path); isWithin(location.root, folder); folder = dirname(folder)) {
    try {
      await rmdir(folder)
    } catch {
      // The folder is not empty.
      return
    }
  }
}
