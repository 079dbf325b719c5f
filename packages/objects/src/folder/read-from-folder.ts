import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { invalidRange } from '../object-faults.ts'
import type { ByteRange, ObjectHead, ObjectRead } from '../object-store.ts'

/** Opens a file of the bucket at a range of its bytes. The stream closes the file at its end. */
export const readFromFolder = async (
  { path, size, etag, lastModified }: ObjectHead & { readonly path: string },
  range: ByteRange | undefined,
): Promise<ObjectRead> => {
  const head = { size, etag, lastModified }
  if (size === 0 && range === undefined) return { ...head, stream: Readable.from([]), range: undefined }
  const start = range?.start ?? 0
  const end = Math.min(range?.end ?? size - 1, size - 1)
  if (start < 0 || start > end) throw invalidRange(start, size)
  const file = await open(path, 'r')
  return { ...head, stream: file.createReadStream({ start, end }), range: { start, end } }
}
