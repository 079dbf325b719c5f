import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFootage } from '../../../../tests/footage.ts'
import { removeOldQueryThumbnails } from '../reconciler/stray-thumbnails.ts'
import type { RunningWorker } from '../start-worker.ts'
import { openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'

const clips = mkdtempSync(join(tmpdir(), 'kinoprint-query-clips-'))
let harness: WorkerHarness
let worker: RunningWorker
beforeAll(async () => {
  for (const seconds of [4, 70]) await renderFootage(join(clips, `${seconds}.mp4`), { seed: 1, seconds })
  harness = await openWorkerHarness()
  worker = await harness.startWorker({ concurrency: 1 })
})
afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await harness.close()
  rmSync(clips, { recursive: true, force: true })
})

// Of a file of 60 s or more, only keyframes are decoded.
test.each([4, 70])('a search of %i s leaves thumbnails of its query under its job', async (seconds) => {
  const { dnaDbId } = await harness.createLibrary()
  harness.put(join(clips, `${seconds}.mp4`), 'query.mp4')
  const job = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'query.mp4' })
  expect(job).toMatchObject({ state: 'Success' })
  const folder = join(harness.thumbnailsDir, job.jobId)
  expect(readdirSync(folder).sort()).toEqual(['poster.jpg', 'sprite.jpg', 'sprite.json'])
})

test('thumbnails of queries are removed after their retention, and no others', async () => {
  const [old, fresh, video] = [`j${'a'.repeat(32)}`, `j${'b'.repeat(32)}`, `dv${'c'.repeat(32)}`].map(
    (name) => join(harness.thumbnailsDir, name),
  ) as [string, string, string]
  for (const path of [old, fresh, video]) mkdirSync(path)
  const age = (path: string, days: number) => {
    const at = new Date(Date.now() - days * 86_400_000)
    utimesSync(path, at, at)
  }
  age(old, 31)
  age(fresh, 29)
  age(video, 400)
  const { thumbnailsDir } = harness
  expect(await removeOldQueryThumbnails({ thumbnailsDir, queryRetentionDays: 30 })).toBe(1)
  expect([old, fresh, video].map((path) => existsSync(path))).toEqual([false, true, true])
  expect(await removeOldQueryThumbnails({ thumbnailsDir: null, queryRetentionDays: 30 })).toBe(0)
})
