import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@kinoprint/core'
import { findFfmpeg, type Tools } from '@kinoprint/media'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import type { FingerprintTask } from './tasks.ts'
import { ThreadPool } from './thread-pool.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-pool-'))
const film = join(folder, 'film.mp4')
const long = join(folder, 'long.mp4')
let tools: Tools
let pool: ThreadPool

const task = (path: string): FingerprintTask => ({
  kind: 'fingerprint',
  tools,
  path,
  maxSeconds: 1800,
  ffmpegThreads: 1,
  asQuery: false,
  stillsDir: null,
})

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

/** Processes of ffmpeg that read a file of this test. */
const decoders = (): string[] =>
  execFileSync('ps', ['-eo', 'pid,stat,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder) && line.includes('ffmpeg') && !/^\s*\d+ Z/.test(line))

const until = async (condition: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 100 && !condition(); tries++) await delay(50)
  expect(condition()).toBe(true)
}

test('a file is fingerprinted in a thread and matches itself in another', async () => {
  const progress: number[] = []
  const fingerprint = await pool.run<'fingerprint'>(task(film), { onProgress: (at) => progress.push(at) })
  expect(fingerprint).toMatchObject({ width: 640, height: 360, hasAudio: true })
  expect(fingerprint.durationSeconds).toBeCloseTo(8, 0)
  expect(fingerprint.keyframes.length).toBeGreaterThan(0)
  expect(progress.length).toBeGreaterThan(0)
  const { data } = fingerprint
  const [match] = await pool.run<'match'>({
    kind: 'match',
    query: data,
    references: [{ videoId: 'dv1', data }],
  })
  expect(match?.match).toMatchObject({ similar: 100, audioSimilar: 100, accepted: true })
  expect(await pool.run<'index'>({ kind: 'index', data })).toEqual({
    video: fingerprint.keyframes,
    audio: fingerprint.audioWindows,
  })
  expect(await pool.run<'probes'>({ kind: 'probes', data: fingerprint.queryData })).toEqual(
    fingerprint.probes,
  )
})

test('a file that is no video is a fault on this side too', async () => {
  const path = join(folder, 'text.mp4')
  writeFileSync(path, 'not a video '.repeat(100))
  const failure = await pool.run<'fingerprint'>(task(path)).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(Fault)
  expect(failure).toMatchObject({ code: 'ResourceNotSupported' })
})

test('an aborted task ends its ffmpeg, and its thread takes the next task', async () => {
  const controller = new AbortController()
  const running = pool.run<'fingerprint'>(task(long), { signal: controller.signal })
  running.catch(() => undefined)
  await until(() => decoders().length > 0)
  controller.abort()
  await expect(running).rejects.toMatchObject({ code: 'Cancelled' })
  expect(decoders()).toEqual([])
  expect(await pool.run<'rank'>({ kind: 'rank', hits: [], limit: 5 })).toEqual([])
})

test('tasks beyond the threads wait for their turn', async () => {
  const many = Array.from({ length: 8 }, () => pool.run<'rank'>({ kind: 'rank', hits: [], limit: 1 }))
  expect(pool.load.busy).toBe(2)
  expect(pool.load.waiting).toBe(6)
  expect(await Promise.all(many)).toHaveLength(8)
  expect(pool.load).toEqual({ busy: 0, waiting: 0 })
})

test('closing stops what runs and leaves no process behind', async () => {
  const other = new ThreadPool({ threads: 1 })
  const running = other.run<'fingerprint'>(task(long))
  const waiting = other.run<'fingerprint'>(task(film))
  const outcomes = Promise.allSettled([running, waiting])
  await until(() => decoders().length > 0)
  await other.close()
  expect((await outcomes).map((one) => one.status)).toEqual(['rejected', 'rejected'])
  expect(decoders()).toEqual([])
  await expect(other.run<'rank'>({ kind: 'rank', hits: [], limit: 1 })).rejects.toMatchObject({
    code: 'Cancelled',
  })
})
