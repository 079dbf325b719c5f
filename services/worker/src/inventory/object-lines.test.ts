import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type LineOptions, readLines } from './object-lines.ts'

const options: LineOptions = { name: 'list', isPacked: false, from: 0, lineBytesMax: 10, bytesMax: 100 }
async function linesOf(
  chunks: readonly (string | Buffer)[],
  more: Partial<LineOptions> = {},
): Promise<string[]> {
  const object = Readable.from(chunks.map((chunk) => Buffer.from(chunk)))
  const lines: string[] = []
  for await (const line of readLines(object, { ...options, ...more })) lines.push(line)
  return lines
}

test('lines end at line feeds, wherever chunks end, and the first ones can be passed over', async () => {
  const chunks = ['a\r', '\nb', 'c\n\n', Buffer.from('电').subarray(0, 2), Buffer.from('电').subarray(2), 'd']
  expect(await linesOf(chunks)).toEqual(['a', 'bc', '', '电d'])
  expect(await linesOf(chunks, { from: 2 })).toEqual(['', '电d'])
  expect(await linesOf(chunks, { from: 4 })).toEqual([])
  expect(await linesOf([])).toEqual([])
  expect(await linesOf([gzipSync('a\r\nbc\n\n电d')], { isPacked: true })).toEqual(['a', 'bc', '', '电d'])
})

test('a long line and a long object are refused, packed or not', async () => {
  await expect(linesOf(['a\n', 'b'.repeat(11)])).rejects.toThrow('Line 2 of list has more than 10 bytes')
  await expect(linesOf(['a\n'.repeat(51)])).rejects.toThrow('list has more than 100 bytes')
  for (const bomb of [Buffer.alloc(1_000_000, 'a'), Buffer.alloc(1_000_000, '\n')])
    await expect(linesOf([gzipSync(bomb)], { isPacked: true })).rejects.toMatchObject({
      code: 'ResourceNotSupported',
    })
})

test('an object is closed when the reader has enough', async () => {
  const object = Readable.from(Array.from({ length: 100 }, () => Buffer.from('a\n')))
  for await (const line of readLines(object, options)) {
    expect(line).toBe('a')
    break
  }
  expect(object.destroyed).toBe(true)
})
