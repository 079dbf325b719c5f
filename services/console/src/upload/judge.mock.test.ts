import { expect, test, vi } from 'vitest'

vi.mock('../api/client.ts', () => ({ api: {} }))
vi.mock('../messages/messages.ts', () => ({}))
vi.mock('../format/format.ts', () => ({}))
const { isReadable, judgeBytes, judgeFile } = await import('./judge.ts')

test.each([
  [[0, 0, 0, 32, 0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x6f, 0x6d], 'mp4'],
  [[0x1a, 0x45, 0xdf, 0xa3, 1, 2, 3, 4, 5, 6, 7, 8], 'Matroska'],
  [[0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x41, 0x56, 0x49, 0x20], 'AVI'],
  [[0x68, 0x65, 0x6c, 0x6c, 0x6f], 'other'],
  [[0x1a], 'other'],
  [[], 'empty'],
])('a file that begins with %j is judged as %s', (bytes, verdict) => {
  expect(judgeBytes(Uint8Array.from(bytes))).toBe(verdict)
})

test('only the first bytes of a file are read', async () => {
  const file = new Blob([Uint8Array.from([0, 0, 0, 32, 0x66, 0x74, 0x79, 0x70]), new Uint8Array(1_000_000)])
  expect(await judgeFile(file)).toBe('mp4')
})

test.each([
  ['mp4', ['mp4'], true],
  ['Matroska', ['mp4'], false],
  ['Matroska', ['mp4', 'matroska'], true],
  ['AVI', ['all'], true],
  ['other', ['mp4'], false],
  ['other', ['mp4', 'mpegts'], true],
  ['empty', ['all'], false],
] as const)('a file judged as %s is readable by a server that takes %j: %s', (verdict, formats, expected) => {
  expect(isReadable(verdict, formats)).toBe(expected)
})
