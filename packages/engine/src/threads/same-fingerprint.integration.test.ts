import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { decodeFingerprint, matchFingerprints } from '@kinoprint/dna'
import { findFfmpeg, probe, type Tools } from '@kinoprint/media'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import { decodeFile } from './decode-file.ts'
import { storedPartsOf } from './fingerprint-parts.ts'

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

async function fingerprint(path: string, { tools, threads }: { tools: Tools; threads: number }) {
  // Claims large frames, because small ones are decoded neither by two threads nor in sections.
  const info = { ...(await probe(tools, path)), width: 7680, height: 4320 }
  const input = {
    tools,
    path,
    maxSeconds: 1800,
    ffmpegThreads: threads,
    asQuery: true,
    takeThumbnails: false,
  }
  const options = {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onPiece: () => undefined,
  }
  const decoded = await decodeFile(input, options, info)
  return { query: serialize(decoded.fingerprint), stored: storedPartsOf(decoded.fingerprint) }
}

describe.each([
  ['H.264', ['-c:v', 'libx264', '-preset', 'medium', '-crf', '28']],
  [
    'HEVC',
    ['-c:v', 'libx265', '-preset', 'fast', '-crf', '30', '-tag:v', 'hvc1', '-x265-params', 'log-level=error'],
  ],
])('a file in %s has the same fingerprint and the same match', (name, encoder) => {
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
    expect(Buffer.from(again.query).equals(first.query)).toBe(true)
    expect(again.stored).toEqual(first.stored)
    const match = (query: Uint8Array) =>
      matchFingerprints(deserialize(query), decodeFingerprint(first.stored.data))
    expect(match(again.query)).toEqual(match(first.query))
  })

  test('the two ffmpeg programs are of different versions', () => {
    expect(packaged.version).not.toBe(system.version)
  })
})

test.each([
  ['decoded in pieces', '50'],
  ['decoded in one piece', '600'],
])('a damaged file that is %s has the same fingerprint with more threads', async (_, keyframes) => {
  const path = join(folder, `damaged-${keyframes}.mp4`)
  await ffmpeg('-i', source, '-c:v', 'libx264', '-g', keyframes, '-pix_fmt', 'yuv420p', '-c:a', 'aac', path)
  const bytes = await readFile(path)
  const end = bytes.indexOf('moov')
  for (let at = Math.trunc(end * 0.7); at < end - 100; at += 997) bytes[at] = (bytes[at] ?? 0) ^ 0x10
  await writeFile(path, bytes)
  const first = await fingerprint(path, { tools: system, threads: 1 })
  const again = await fingerprint(path, { tools: system, threads: 2 })
  expect(Buffer.from(again.query).equals(first.query)).toBe(true)
})
