import type { BigIntStats } from 'node:fs'
import { constants } from 'node:fs'
import { type FileHandle, open, readlink } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { hasDescriptorPaths } from '../folder-handle.ts'
import { accessDenied, hasErrorCode, invalidRange, notFound } from '../object-faults.ts'
import type { ByteRange, ObjectHead, ObjectRead } from '../object-store.ts'
import { asObjectFault, isReserved, isWithin, type ObjectLocation, realPathOf } from './bucket-path.ts'

/** The open file of an object, which stays the same even if its name later refers to another file. */
export type OpenFile = {
  readonly path: string
  readonly handle: FileHandle
  readonly stats: BigIntStats
}

/** Without O_NONBLOCK, a FIFO or a device would block. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY

/** Opens the file of an object: a regular file inside the bucket. Never blocks. */
export async function openFile(location: ObjectLocation): Promise<OpenFile> {
  const path = await realPathOf(location)
  const { bucket, object } = location
  let handle: FileHandle | undefined
  try {
    handle = await open(path, FLAGS)
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) throw notFound(bucket, object)
    if (!(await isInBucket(handle, location))) throw accessDenied(bucket, object)
    return { path, handle, stats }
  } catch (error) {
    await handle?.close()
    // A socket, or a device without a driver.
    if (hasErrorCode(error, 'ENXIO', 'ENODEV')) throw notFound(bucket, object, error)
    throw asObjectFault(error, bucket, object)
  }
}

/** Checks the open file, because a parent folder may have become a link since its path was checked. */
async function isInBucket(handle: FileHandle, { root }: ObjectLocation): Promise<boolean> {
  if (!hasDescriptorPaths) return true
  const path = await readlink(`/proc/self/fd/${handle.fd}`)
  return isWithin(root, path) && !isReserved(path.slice(root.length + 1))
}

/** A path that opens this file itself while the handle is open; undefined if the system does not support such paths. */
export function openPathOf({ handle }: OpenFile): string | undefined {
  return hasDescriptorPaths ? `/proc/self/fd/${handle.fd}` : undefined
}

/** Reads a range of an open file. The stream closes the file when it ends. */
export async function readRange(
  { handle }: OpenFile,
  head: ObjectHead,
  range: ByteRange | undefined,
): Promise<ObjectRead> {
  const { size } = head
  if (size === 0 && range === undefined) {
    await handle.close()
    return { ...head, stream: Readable.from([]), range: undefined }
  }
  const start = range?.start ?? 0
  const end = Math.min(range?.end ?? size - 1, size - 1)
  if (start < 0 || start > end) throw invalidRange(start, size)
  return { ...head, stream: handle.createReadStream({ start, end }), range: { start, end } }
}
