import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  getIgnoredPassage,
  ignorePassage,
  type Library,
  listIgnoredPlacements,
  restorePassage,
} from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import type { RunningWorker } from '../start-worker.ts'
import { openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'

// Videos are decoded: seconds on an idle machine, minutes on a busy one.
vi.setConfig({ testTimeout: 300_000 })
/** Time limit for a hanging test. */
const WAIT = { timeout: 250_000, interval: 100 }
/** Length of the ident that all films begin with. */
const IDENT = 8

const clips = mkdtempSync(join(tmpdir(), 'kinoprint-ignored-'))
let harness: WorkerHarness
let worker: RunningWorker
let library: Library

beforeAll(async () => {
  const ident = join(clips, 'ident.mp4')
  await renderFootage(ident, { seed: 100, seconds: IDENT, sound: 'none' })
  for (const [number, seed] of [1, 7, 9].entries()) {
    const film = join(clips, `rest-${number + 1}.mp4`)
    await renderFootage(film, { seed, seconds: 16, sound: 'none' })
    await joinFiles([ident, film], join(clips, `film-${number + 1}.mp4`))
  }
  await ffmpeg('-ss', '2', '-i', join(clips, 'film-1.mp4'), '-t', '20', join(clips, 'copy.mp4'))
  harness = await openWorkerHarness()
  worker = await harness.startWorker()
  library = await harness.createLibrary({ detectOnStore: false })
  for (const name of ['film-1.mp4', 'film-2.mp4', 'film-3.mp4', 'copy.mp4'])
    harness.put(join(clips, name), name)
})

afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await harness.close()
  rmSync(clips, { recursive: true, force: true })
})

async function joinFiles(paths: readonly string[], to: string): Promise<void> {
  const inputs = paths.flatMap((path) => ['-i', path])
  const streams = paths.map((_, at) => `[${at}:v]`).join('')
  const filter = `${streams}concat=n=${paths.length}:v=1[v]`
  await ffmpeg(...inputs, '-filter_complex', filter, '-map', '[v]', to)
}

async function store(object: string): Promise<string> {
  const { dnaDbId } = library
  const job = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object })
  expect(job.state).toBe('Success')
  return job.result?.videoId ?? ''
}

/** The seconds that a search reports, by object. */
async function found(object: string) {
  const { dnaDbId } = library
  const job = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object })
  expect(job.state).toBe('Success')
  return (job.result?.detections ?? [])
    .filter((detection) => detection.object !== object)
    .map((detection) => ({
      object: detection.object,
      seconds: Math.round(
        detection.segments.reduce((sum, { queryStart, queryEnd }) => sum + queryEnd - queryStart, 0),
      ),
    }))
    .sort((one, other) => one.object.localeCompare(other.object))
}

test('an ident that is ignored everywhere is found in the other films, and films stored later, and no longer reported', async () => {
  const { dnaDbId } = library
  const videoId = await store('film-1.mp4')
  await store('film-2.mp4')
  const before = await found('copy.mp4')
  expect(before.map(({ object }) => object)).toEqual(['film-1.mp4', 'film-2.mp4'])

  const stretch = { dnaDbId, videoId, start: 0, end: IDENT, everywhere: true }
  const { ignoredId } = await ignorePassage(harness.db, { ...stretch, note: null, by: null })
  const rule = await vi.waitFor(async () => {
    const now = await getIgnoredPassage(harness.db, { dnaDbId, ignoredId })
    expect(now?.state).toBe('Active')
    return now
  }, WAIT)
  expect(rule).toMatchObject({ alsoIn: 1, hidden: 1, shortened: 1 })
  const [position] = await listIgnoredPlacements(harness.db, ignoredId)
  expect(position).toMatchObject({ object: 'film-2.mp4' })
  expect(position?.start).toBeLessThan(0.5)
  expect(Math.abs((position?.end ?? 0) - IDENT)).toBeLessThan(0.5)

  const [only, ...others] = await found('copy.mp4')
  expect([only?.object, others]).toEqual(['film-1.mp4', []])
  expect(Math.abs((only?.seconds ?? 0) - (20 - (IDENT - 2)))).toBeLessThanOrEqual(1)

  await store('film-3.mp4')
  expect((await listIgnoredPlacements(harness.db, ignoredId)).map(({ object }) => object).sort()).toEqual([
    'film-2.mp4',
    'film-3.mp4',
  ])
  expect(await found('film-3.mp4')).toEqual([])

  expect(await restorePassage(harness.db, { dnaDbId, ignoredId, by: null })).toBe(true)
  expect((await found('film-3.mp4')).map(({ object }) => object)).toEqual(['film-1.mp4', 'film-2.mp4'])
})

test('a passage of a video that is gone is looked up only once', async () => {
  const { dnaDbId } = library
  const videoId = await store('film-2.mp4')
  const stretch = { dnaDbId, videoId, start: 10, end: 14, everywhere: true }
  const { ignoredId } = await ignorePassage(harness.db, { ...stretch, note: null, by: null })
  await harness.run({ ruleType: 'DeleteFingerPrint', dnaDbId, object: 'film-2.mp4', videoId })
  await vi.waitFor(async () => {
    const rule = await getIgnoredPassage(harness.db, { dnaDbId, ignoredId })
    expect(rule?.state).not.toBe('Searching')
  }, WAIT)
})
