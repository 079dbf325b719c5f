import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Library,
  listReindexingFailures,
  readOutdated,
  readReindexing,
  startReindexing,
} from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { renderFootage } from '../../../../tests/footage.ts'
import type { RunningWorker } from '../start-worker.ts'
import { openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'

// Videos are decoded: seconds on an idle machine, minutes on a busy one.
vi.setConfig({ testTimeout: 300_000 })
/** Time limit for a hanging test. */
const WAIT = { timeout: 250_000, interval: 100 }

const clips = mkdtempSync(join(tmpdir(), 'kinoprint-reindexing-'))
const OBJECTS = ['kept.mp4', 'gone.mp4', 'changed.mp4', 'current.mp4']
let harness: WorkerHarness
let worker: RunningWorker
let library: Library

beforeAll(async () => {
  for (const [seed, object] of OBJECTS.entries())
    await renderFootage(join(clips, object), { seed, seconds: 3, width: 160, height: 90 })
  harness = await openWorkerHarness()
  worker = await harness.startWorker()
  library = await harness.createLibrary({ detectOnStore: false })
  for (const object of OBJECTS) {
    harness.put(join(clips, object), object)
    const job = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId: library.dnaDbId, object })
    expect(job.state).toBe('Success')
  }
})
afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await harness.close()
  rmSync(clips, { recursive: true, force: true })
})

async function find(object: string): Promise<string[]> {
  harness.put(join(clips, object), `query/${object}`)
  const { dnaDbId } = library
  const { result } = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: `query/${object}` })
  return result?.detections.map((detection) => detection.object) ?? []
}

async function fingerprintIds(): Promise<Record<string, string>> {
  const { rows } = await harness.db.pool.query('select object, fingerprint_id as id from videos')
  return Object.fromEntries(rows.map(({ object, id }) => [object, String(id)]))
}

test('outdated videos are renewed while searches go on, and those without their object are listed with the reason', {
  tags: ['reindexing'],
}, async () => {
  const { db } = harness
  await db.pool.query('update fingerprints set index_version = 0')
  await db.pool.query(
    `update fingerprints f set format = 1 from videos v where v.fingerprint_id = f.id and v.object <> 'current.mp4'`,
  )
  // The index of one video is as before a new kind of rows existed.
  await db.pool.query(
    `delete from frame_index using videos v where v.fingerprint_id = frame_index.fingerprint_id and v.object = 'current.mp4'`,
  )
  await harness.objects.remove('films-125', 'gone.mp4')
  harness.put(join(clips, 'kept.mp4'), 'changed.mp4')
  const before = await fingerprintIds()
  expect(await readOutdated(db)).toEqual([{ dnaDbId: library.dnaDbId, name: 'films', videos: 4 }])

  await startReindexing(db, { scope: 'outdated', videosPerMinute: 120 })
  expect(await find('gone.mp4')).toContain('gone.mp4')
  await expect
    .poll(() => readReindexing(db), WAIT)
    .toMatchObject({
      ...{ state: 'Done', total: 4, decoded: 1, rebuilt: 1, failed: 2 },
      endedAt: expect.any(Date),
    })

  const after = await fingerprintIds()
  expect(OBJECTS.filter((object) => before[object] !== after[object])).toEqual(OBJECTS)
  for (const object of OBJECTS) expect(await find(object), object).toContain(object)
  const { items } = await listReindexingFailures(db, {})
  expect(Object.fromEntries(items.map(({ object, reason }) => [object, reason]))).toEqual({
    'gone.mp4': expect.stringContaining('gone.mp4'),
    'changed.mp4': 'The object has changed since it was stored. Store it again.',
  })
  // Their index rows are current, their fingerprints are not.
  expect(await readOutdated(db)).toMatchObject([{ videos: 2 }])
  const { rows } = await db.pool.query('select min(index_version) as oldest from fingerprints')
  expect(rows[0]?.oldest).toBeGreaterThan(0)
})
