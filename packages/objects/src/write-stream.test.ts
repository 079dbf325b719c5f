import { expect, test } from 'vitest'
import { writeAll } from './write-stream.ts'

/** A file on a disk that accepts three bytes at a time, up to a capacity. */
function tightFile(capacity: number) {
  const bytes: number[] = []
  const write = async (chunk: Uint8Array, offset: number, length: number, position: number | null) => {
    const taken = Math.min(3, length, capacity - bytes.length)
    if (taken === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    const at = position ?? bytes.length
    for (let n = 0; n < taken; n++) bytes[at + n] = chunk[offset + n] ?? -1
    return { bytesWritten: taken, buffer: chunk }
  }
  return { bytes, file: { write } as unknown as Parameters<typeof writeAll>[0] }
}

test('a chunk that is written in parts is written completely, at the end or at a position', async () => {
  for (const position of [null, 0]) {
    const { bytes, file } = tightFile(8)
    await writeAll(file, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), position)
    expect(bytes).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  }
})

test('a disk that takes only a part of a chunk is reported as full', async () => {
  const { file } = tightFile(4)
  await expect(writeAll(file, Uint8Array.of(1, 2, 3, 4, 5), 0)).rejects.toMatchObject({ code: 'ENOSPC' })
})
