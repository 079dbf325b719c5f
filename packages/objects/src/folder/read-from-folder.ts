import { Readable } from 'node:stream'
import { invalidRange } from '../object-faults.ts'
import type { ByteRange, ObjectHead, ObjectRead } from '../object-store.ts'
import type { OpenFile } from './open-file.ts'

/** Reads an open file at a range of its bytes. The stream closes the file at its end. */
export const readFromFolder = async (
  { handle }: OpenFile,
  head: ObjectHead,
  range: ByteRange | undefined,
): Promise<ObjectRead> => {
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
