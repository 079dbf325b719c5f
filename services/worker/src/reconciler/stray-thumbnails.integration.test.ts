import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deleteLibrary } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { renderFootage } from '../../../../tests/footage.ts'
import type { RunningWorker } from '../start-worker.ts'
import { openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'
import { removeStrayThumbnails } from './stray-thumbnails.ts'

/** Time limit for a hanging test. */
const WAIT = { timeout: 250_000 }
const clips = mkdtempSync(join(tmpdir(), 'kinoprint-thumbnail-clips-'))
let harness: WorkerHarness
let worker: RunningWorker
beforeAll(async () => {
  for (const seed of [1, 2]) await renderFootage(join(clips, `${seed}.mp4`), { seed, seconds: 4 })
  harness = await openWorkerHarness()
  worker = await harness.startWorker({ concurrency: 1 })
})
afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await harness.close()
  rmSync(clips, { recursive: true, force: true })
})

async function store(dnaDbId: string, clip: string): Promise<string> {
  harness.put(join(clips, clip), 'film.mp4')
  const job = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'film.mp4' })
  expect(job).toMatchObject({ state: 'Success' })
  return join(harness.thumbnailsDir, job.result?.videoId ?? '')
}
function makeOld(path: string) {
  const longAgo = new Date(Date.now() - 2 * 3_600_000)
  utimesSync(path, longAgo, longAgo)
}

test('a replaced video keeps no old thumbnails, even if new ones cannot be made', {
  tags: ['thumbnails'],
}, async () => {
  const { dnaDbId } = await harness.createLibrary()
  const folder = await store(dnaDbId, '1.mp4')
  expect(existsSync(join(folder, 'poster.jpg'))).toBe(true)
  const making = join(harness.thumbnailsDir, '.making')
  rmSync(making, { recursive: true })
  writeFileSync(making, 'no folder')
  expect(await store(dnaDbId, '2.mp4')).toBe(folder)
  // Thumbnails are removed shortly after the job has ended.
  await vi.waitFor(() => expect(existsSync(folder)).toBe(false), WAIT)
  rmSync(making)
})

test('thumbnails left behind by a crash during the deletion of their library are removed, and no others', {
  tags: ['thumbnails'],
}, async () => {
  const [doomed, kept] = [await harness.createLibrary(), await harness.createLibrary()]
  const stray = await store(doomed.dnaDbId, '1.mp4')
  const alive = await store(kept.dnaDbId, '1.mp4')
  const fresh = join(harness.thumbnailsDir, `dv${'0'.repeat(32)}`)
  const foreign = join(harness.thumbnailsDir, 'holiday pictures')
  for (const path of [fresh, foreign]) mkdirSync(path)
  // The server dies after the library is deleted and before its thumbnails are.
  await deleteLibrary(harness.db, doomed.dnaDbId, { force: true })
  for (const path of [stray, alive, foreign]) makeOld(path)
  expect(await removeStrayThumbnails(harness)).toBe(1)
  expect([stray, alive, fresh, foreign].map((path) => existsSync(path))).toEqual([false, true, true, true])
})
