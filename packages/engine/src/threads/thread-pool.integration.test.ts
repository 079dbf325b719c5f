import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { decodeFingerprint, encodeFingerprint, FingerprintBuilder, storedPart } from '@kinoprint/dna'
import { findFfmpeg, type Tools } from '@kinoprint/media'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import type { IngestInput } from './tasks.ts'
import { ThreadPool } from './thread-pool.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-pool-'))
const film = join(folder, 'film.mp4')
const long = join(folder, 'long.mp4')
let tools: Tools
let pool: ThreadPool

function input(path: string, { asQuery = false } = {}): IngestInput {
  return {
    tools,
    path,
    maxSeconds: 1800,
    ffmpegThreads: 1,
    storeDetail: 'full',
    asQuery,
    thumbnailsDir: null,
  }
}

/** Ends at once, because it has no references to align with. */
function quickTask(): Parameters<typeof pool.run<'match'>>[1] {
  return { query: EMPTY, references: [] }
}

beforeAll(async () => {
  tools = await findFfmpeg()
  await renderFootage(film, { seed: 1, seconds: 8 })
  // Slow to decode: large and many frames, so that there is time to stop it.
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30', '-t', '60']
  await ffmpeg(...source, '-c:v', 'libx264', '-preset', 'ultrafast', long)
  pool = new ThreadPool({ threads: 2 })
})

afterAll(async () => {
  await pool.close()
  rmSync(folder, { recursive: true, force: true })
})

const EMPTY = new FingerprintBuilder().finish({ durationSeconds: 1, audioStartMs: 0 })

/** Processes of ffmpeg that read a file of this test. */
function decoders(): string[] {
  return execFileSync('ps', ['-eo', 'pid,stat,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder) && line.includes('ffmpeg') && !/^\s*\d+ Z/.test(line))
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition).toBe(true)
}

test('a file is ingested in a thread and matches itself in another', async () => {
  const progress: number[] = []
  const file = await pool.run('ingest', input(film, { asQuery: true }), {
    onProgress: (fraction) => progress.push(fraction),
  })
  const { facts, stored, query } = file
  expect(facts).toMatchObject({ width: 640, height: 360, hasAudio: true })
  expect(facts.durationSeconds).toBeCloseTo(8, 0)
  expect(stored.video.length).toBeGreaterThan(0)
  expect(progress.length).toBeGreaterThan(0)
  const { data, ...rows } = stored
  const [match] = await pool.run('match', {
    query: query?.fingerprint ?? EMPTY,
    references: [{ videoId: 'dv1', data }],
  })
  expect(match?.match).toMatchObject({ similar: 100, audioSimilar: 100, accepted: true })
  expect(await pool.run('indexRows', { data })).toEqual(rows)
})

test('a query crosses the thread border without a copy and equals the encoded fingerprint', async () => {
  const { query, stored } = await pool.run('ingest', input(film, { asQuery: true }))
  const fingerprint = query?.fingerprint ?? EMPTY
  expect(fingerprint.video.hashes.buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(fingerprint.views?.every(({ hashes }) => hashes.buffer instanceof SharedArrayBuffer)).toBe(true)
  const { spectra, ...audio } = fingerprint.audio ?? { spectra: null }
  expect(spectra?.buffer).toBeInstanceOf(SharedArrayBuffer)
  const { keptFrames, ...encoded } = fingerprint
  expect(keptFrames?.pixels.buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(keptFrames?.timeMs.length).toBeGreaterThan(10)
  expect(decodeFingerprint(encodeFingerprint(fingerprint))).toEqual({ ...encoded, audio })
  expect(Buffer.from(encodeFingerprint(storedPart(fingerprint))).equals(stored.data)).toBe(true)
})

test('a query made of stored bytes has the fingerprint that was stored', async () => {
  const { stored, query } = await pool.run('ingest', input(film))
  expect(query).toBeNull()
  const { fingerprint, hashes } = await pool.run('storedQuery', { data: stored.data })
  expect(fingerprint).toEqual(decodeFingerprint(stored.data))
  expect(hashes.video.length).toBeGreaterThan(0)
})

test('a damaged stored fingerprint is reported without hiding the others', async () => {
  const { stored, query } = await pool.run('ingest', input(film, { asQuery: true }))
  const { data } = stored
  const references = [
    { videoId: 'dv1', data: data.slice(0, -1) },
    { videoId: 'dv2', data },
  ]
  const matches = await pool.run('match', { query: query?.fingerprint ?? EMPTY, references })
  expect(matches).toMatchObject([
    { videoId: 'dv1', match: null },
    { videoId: 'dv2', match: { accepted: true } },
  ])
})

test('a fault of a thread arrives as a fault', async () => {
  const path = join(folder, 'text.mp4')
  writeFileSync(path, 'not a video '.repeat(100))
  const failure = await pool.run('ingest', input(path)).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(Fault)
  expect(failure).toMatchObject({ code: 'ResourceNotSupported' })
})

test('an aborted task ends its ffmpeg, and its thread takes the next task', async () => {
  const controller = new AbortController()
  const running = pool.run('ingest', input(long), { signal: controller.signal })
  running.catch(() => undefined)
  await until(() => decoders().length > 0)
  controller.abort()
  await expect(running).rejects.toMatchObject({ code: 'Cancelled' })
  expect(decoders()).toEqual([])
  expect(await pool.run('match', quickTask())).toEqual([])
})

test('tasks wait while every thread is busy', async () => {
  const many = Array.from({ length: 8 }, () => pool.run('match', quickTask()))
  expect(pool.load.busy).toBe(2)
  expect(pool.load.waiting).toBe(6)
  expect(await Promise.all(many)).toHaveLength(8)
  expect(pool.load).toEqual({ busy: 0, waiting: 0 })
})

test('closing the pool aborts its tasks and ends their processes', async () => {
  const other = new ThreadPool({ threads: 1 })
  const running = other.run('ingest', input(long))
  const waiting = other.run('ingest', input(film))
  const outcomes = Promise.allSettled([running, waiting])
  await until(() => decoders().length > 0)
  await other.close()
  expect((await outcomes).map((one) => one.status)).toEqual(['rejected', 'rejected'])
  expect(decoders()).toEqual([])
  await expect(other.run('match', quickTask())).rejects.toMatchObject({
    code: 'Cancelled',
  })
})
