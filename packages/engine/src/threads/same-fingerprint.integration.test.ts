import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFingerprint, matchFingerprints } from '@kinoprint/dna'
import { findFfmpeg, probe, type Tools } from '@kinoprint/media'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import { fingerprintProbed } from './fingerprint-task.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-same-'))
const source = join(folder, 'source.mp4')
let system: Tools
let packaged: Tools

beforeAll(async () => {
  system = await findFfmpeg({})
  packaged = await findFfmpeg({ searchPath: folder })
  await renderFootage(source, { seed: 5, seconds: 12, width: 640, height: 360 })
})
afterAll(() => rmSync(folder, { recursive: true }))

const fingerprint = async (path: string, { tools, threads }: { tools: Tools; threads: number }) => {
  // As if its pictures were large: small ones are not decoded by two threads, nor in pieces.
  const info = { ...(await probe(tools, path)), width: 7680, height: 4320 }
  const task = { tools, path, maxSeconds: 1800, ffmpegThreads: threads, asQuery: true, stillsDir: null }
  return fingerprintProbed(task, { signal: new AbortController().signal, onProgress: () => undefined }, info)
}

describe.each([
  ['H.264', ['-c:v', 'libx264', '-preset', 'medium', '-crf', '28']],
  [
    'HEVC',
    ['-c:v', 'libx265', '-preset', 'fast', '-crf', '30', '-tag:v', 'hvc1', '-x265-params', 'log-level=error'],
  ],
])('the same file in %s gives the same fingerprint and the same answer', (name, encoder) => {
  const path = join(folder, `${name}.mp4`)
  beforeAll(
    () => ffmpeg('-i', source, ...encoder, '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path),
    60_000,
  )

  test.each([
    ['on every run', () => ({ tools: system, threads: 1 })],
    ['with more threads', () => ({ tools: system, threads: 2 })],
    ['by another ffmpeg', () => ({ tools: packaged, threads: 1 })],
  ])('%s', async (_, how) => {
    const first = await fingerprint(path, { tools: system, threads: 1 })
    const again = await fingerprint(path, how())
    expect(Buffer.from(again.queryData).equals(first.queryData)).toBe(true)
    expect(again.keyframes).toEqual(first.keyframes)
    const answer = (query: Uint8Array) =>
      matchFingerprints(decodeFingerprint(query), decodeFingerprint(first.data))
    expect(answer(again.queryData)).toEqual(answer(first.queryData))
  })

  test('by programs that are not the same', () => {
    expect(packaged.version).not.toBe(system.version)
  })
})

test.each([
  ['cut into pieces', '50'],
  ['decoded as one', '600'],
])('a damaged file gives the same fingerprint with more threads too: %s', async (_, keyframes) => {
  const path = join(folder, `damaged-${keyframes}.mp4`)
  await ffmpeg('-i', source, '-c:v', 'libx264', '-g', keyframes, '-pix_fmt', 'yuv420p', '-c:a', 'aac', path)
  const bytes = await readFile(path)
  const end = bytes.indexOf('moov')
  for (let at = Math.trunc(end * 0.7); at < end - 100; at += 997) bytes[at] = (bytes[at] ?? 0) ^ 0x10
  await writeFile(path, bytes)
  const first = await fingerprint(path, { tools: system, threads: 1 })
  const again = await fingerprint(path, { tools: system, threads: 2 })
  expect(Buffer.from(again.queryData).equals(first.queryData)).toBe(true)
})
