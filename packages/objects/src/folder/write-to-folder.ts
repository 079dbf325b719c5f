import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '@kinoprint/core'
import type { WriteOptions } from '../object-store.ts'
import { type Spooled, spool } from '../spool.ts'
import { newTemporaryPath } from '../temporary-area.ts'
import { asObjectFault, findBucket, inParent, makeRoom, type ObjectPlace, UPLOADS } from './bucket-path.ts'
import type { EtagCache } from './etag-cache.ts'

export type WritePlace = {
  readonly bucketsDir: string
  readonly bucket: string
  readonly object: string
  readonly etags: EtagCache
}

/** A removal beside this may take a folder away that was just made, at worst once or twice. */
const MOVE_ATTEMPTS = 3

/** Writes beside the object and renames: readers see the old content or the new, never a part. */
export const writeToFolder = async (
  { bucketsDir, bucket, object, etags }: WritePlace,
  stream: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<Spooled> => {
  let temporary: string | undefined
  try {
    await mkdir(join(bucketsDir, bucket), { recursive: true })
    const place = await findBucket(bucketsDir, bucket, object)
    await makeRoom(place)
    temporary = await newTemporaryPath(join(place.root, UPLOADS))
    const spooled = await spool(stream, temporary, options)
    const path = await moveIn(temporary, place)
    etags.remember(path, await stat(path, { bigint: true }), spooled.etag)
    return spooled
  } catch (error) {
    throw asConflict(error, object) ?? asObjectFault(error, bucket, object)
  } finally {
    if (temporary !== undefined) await rm(temporary, { force: true })
  }
}

const moveIn = async (temporary: string, place: ObjectPlace): Promise<string> => {
  for (let attempt = 1; ; attempt++) {
    const path = await makeRoom(place)
    try {
      await inParent(place, path, (target) => rename(temporary, target))
      await syncFolder(dirname(path))
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === MOVE_ATTEMPTS) throw error
    }
  }
}

/** The new name survives a power cut only once its folder is on the disk as well. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** In a folder a name cannot be an object and the beginning of another's name at once, as it can in S3. */
const asConflict = (error: unknown, object: string): Fault | undefined => {
  const code = (error as NodeJS.ErrnoException).code
  if (code !== 'EISDIR' && code !== 'ENOTDIR' && code !== 'EEXIST' && code !== 'ENOTEMPTY') return undefined
  const message = `${object} cannot be stored: a part of its name is another object, or it is a folder of objects.`
  return new Fault('Conflict', message, { cause: error })
}
