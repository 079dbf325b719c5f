import type { BigIntStats } from 'node:fs'
import { constants } from 'node:fs'
import { type FileHandle, open, readlink } from 'node:fs/promises'
import { accessDenied, isErrorCode, notFound } from '../object-faults.ts'
import { hasDescriptorPaths } from '../real-folder.ts'
import { asObjectFault, findFile, isReserved, isWithin, type ObjectPlace } from './bucket-path.ts'

/** The file of an object, held open: what its name leads to may change, this does not. */
export type OpenFile = {
  readonly path: string
  readonly handle: FileHandle
  readonly stats: BigIntStats
}

/** What opens no file for reading: a FIFO or a device would keep its opener waiting without O_NONBLOCK. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY

/** Opens the file of an object. Only a regular file inside the bucket is opened, and nothing is waited for. */
export const openFile = async (place: ObjectPlace): Promise<OpenFile> => {
  const path = await findFile(place)
  const { bucket, object } = place
  let handle: FileHandle | undefined
  try {
    handle = await open(path, FLAGS)
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) throw notFound(bucket, object)
    if (!(await isInBucket(handle, place))) throw accessDenied(bucket, object)
    return { path, handle, stats }
  } catch (error) {
    await handle?.close()
    // A socket or a device without a driver.
    if (isErrorCode(error, 'ENXIO', 'ENODEV')) throw notFound(bucket, object, error)
    throw asObjectFault(error, bucket, object)
  }
}

/** Asked of the open file: a folder above it may have become a link since its path was checked. */
const isInBucket = async (handle: FileHandle, { root }: ObjectPlace): Promise<boolean> => {
  if (!hasDescriptorPaths) return true
  const path = await readlink(`/proc/self/fd/${handle.fd}`)
  return isWithin(root, path) && !isReserved(path.slice(root.length + 1))
}

/** A path that opens this very file as long as the handle is open; undefined where the system has none. */
export const openPathOf = ({ handle }: OpenFile): string | undefined =>
  hasDescriptorPaths ? `/proc/self/fd/${handle.fd}` : undefined
