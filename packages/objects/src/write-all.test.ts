import { expect, test } from 'vitest'
import { writeAll } from './write-all.ts'

/** A file on a disk that takes three bytes at a time, and no more than `room` of them. */
const tightFile = (room: number) => {
  const bytes: number[] = []
  const write = async (chunk: Uint8Array, offset: number, length: number, position: number | null) => {
    const taken = Math.min(3, length, room - bytes.length)
    if (taken === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    const at = position ?? bytes.length
    for (let n = 0; n < taken; n++) bytes[at + n] = chunk[offset + n] ?? -1
    return { bytesWritten: taken, buffer: chunk }
  }
  return { bytes, file: { write } as unknown as Parameters<typeof writeAll>[0] }
}

test('what a disk takes in parts arrives whole, at the end or at a position', async () => {
  for (const position of [null, 0]) {
    const { bytes, file } = tightFile(8)
    await writeAll(file, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), position)
    expect(bytes).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  }
})

test('a disk that takes only a part is full, not finished', async () => {
  const { file } = tightFile(4)
  await expect(writeAll(file, Uint8Array.of(1, 2, 3, 4, 5), 0)).rejects.toMatchObject({ code: 'ENOSPC' })
})
