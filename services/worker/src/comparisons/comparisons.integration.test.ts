import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newComparisonId } from '@kinoprint/core'
import {
  type Comparison,
  type ComparisonSource,
  claimComparison,
  createComparison,
  deleteComparison,
  evidenceJson,
  getComparison,
  readComparisonEvidence,
} from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import type { RunningWorker } from '../start-worker.ts'
import { BUCKET, openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'
import { removeExpiredComparisons } from './start-comparisons.ts'

// Videos are decoded: seconds on an idle machine, minutes on a busy one.
vi.setConfig({ testTimeout: 300_000 })
/** Time limit for a hanging test. */
const WAIT = { timeout: 250_000, interval: 100 }

const clips = mkdtempSync(join(tmpdir(), 'kinoprint-compare-'))
let harness: WorkerHarness
let worker: RunningWorker | undefined

beforeAll(async () => {
  await renderFootage(join(clips, 'film.mp4'), { seed: 1, seconds: 24 })
  await renderFootage(join(clips, 'other.mp4'), { seed: 9, seconds: 12, sound: 'none' })
  await ffmpeg('-ss', '6', '-t', '12', '-i', join(clips, 'film.mp4'), '-vf', 'hflip', join(clips, 'clip.mp4'))
  writeFileSync(join(clips, 'broken.mp4'), 'this is no video')
  harness = await openWorkerHarness()
  for (const name of ['film.mp4', 'other.mp4', 'clip.mp4', 'broken.mp4']) harness.put(join(clips, name), name)
})

afterAll(async () => {
  await worker?.close({ timeoutMs: 5_000 })
  await harness.close()
  rmSync(clips, { recursive: true, force: true })
})

async function startWorker(): Promise<RunningWorker> {
  worker ??= await harness.startWorker()
  return worker
}

function objectOf(name: string): ComparisonSource {
  return { source: 'object', bucket: BUCKET, object: name, dnaDbId: null, videoId: null, name, isThere: true }
}

async function compare(query: ComparisonSource, reference: ComparisonSource): Promise<Comparison> {
  await startWorker()
  const { comparisonId } = await createComparison(harness.db, {
    comparisonId: newComparisonId(),
    query,
    reference,
  })
  return vi.waitFor(async () => {
    const comparison = await getComparison(harness.db, comparisonId)
    if (comparison?.endedAt === null || comparison === null) throw new Error('It has not ended.')
    return comparison
  }, WAIT)
}

async function evidenceOf(comparisonId: string) {
  const stored = await readComparisonEvidence(harness.db, comparisonId)
  return JSON.parse(stored ? await evidenceJson(stored) : 'null')
}

test('a comparison of two objects finds the shared passage and stores nothing in a library', {
  tags: ['comparison-apart'],
}, async () => {
  const before = [
    await harness.count('videos'),
    await harness.count('fingerprints'),
    await harness.count('jobs'),
  ]
  const { comparisonId, state, result, error, queryReading } = await compare(
    objectOf('clip.mp4'),
    objectOf('film.mp4'),
  )
  expect([state, error]).toEqual(['Success', null])
  expect(result).toMatchObject({ accepted: true, threshold: 0.45, why: null })
  const [segment] = result?.segments ?? []
  expect(segment).toMatchObject({ kind: 'both', mirrored: true })
  expect(Math.abs((segment?.refStart ?? 99) - 6)).toBeLessThan(0.5)
  expect(Math.abs((queryReading.durationSeconds ?? 0) - 12)).toBeLessThan(0.2)
  expect(queryReading).toMatchObject({ progress: 1, hasAudio: true })
  const evidence = await evidenceOf(comparisonId)
  expect(evidence).toMatchObject({ whyNot: null, passages: [{ mirrored: true }], decoded: null })
  expect(evidence.queryDuration).toBeCloseTo(12, 0)
  expect(evidence.refDuration).toBeCloseTo(24, 0)
  const after = [
    await harness.count('videos'),
    await harness.count('fingerprints'),
    await harness.count('jobs'),
  ]
  expect(after).toEqual(before)
})

test('a comparison of unrelated videos says why they are not a match', async () => {
  const { comparisonId, state, result } = await compare(objectOf('other.mp4'), objectOf('film.mp4'))
  expect(state).toBe('Success')
  expect(result).toMatchObject({ accepted: false })
  expect(result?.score).toBeLessThan(0.45)
  const reason = (result?.segments.length ?? 0) === 0 ? 'nothing' : 'tooWeak'
  expect(result?.why).toMatchObject({ reason, message: expect.stringMatching(/^\S.*\.$/) })
  expect(await evidenceOf(comparisonId)).toMatchObject({ whyNot: { step: 'confidence', needs: 0.45 } })
  expect(result?.why?.lacks).toBeCloseTo(0.45 - (result?.score ?? 0), 3)
})

test('a stored video is compared by its fingerprint after its file is gone', async () => {
  await startWorker()
  const { dnaDbId } = await harness.createLibrary()
  harness.put(join(clips, 'film.mp4'), 'gone.mp4')
  const job = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'gone.mp4' })
  rmSync(join(harness.folder, 'buckets', BUCKET, 'gone.mp4'))
  const videoId = job.result?.videoId ?? null
  const video: ComparisonSource = { ...objectOf('gone.mp4'), source: 'video', dnaDbId, videoId }
  const { state, result } = await compare(objectOf('clip.mp4'), video)
  expect(state).toBe('Success')
  expect(result?.accepted).toBe(true)
  const { error } = await compare({ ...video, videoId: 'dv0' }, objectOf('clip.mp4'))
  expect(error).toMatchObject({ code: 'NotFound', side: 'query' })
})

test('a comparison with an unreadable file fails and names its side', async () => {
  const { state, error, result } = await compare(objectOf('clip.mp4'), objectOf('broken.mp4'))
  expect([state, result]).toEqual(['Failed', null])
  expect(error).toMatchObject({ code: 'ResourceNotSupported', side: 'reference' })
  const missing = await compare(objectOf('missing.mp4'), objectOf('clip.mp4'))
  expect(missing.error).toMatchObject({ code: 'ResourceNotFound', side: 'query' })
})

test('a comparison whose worker died is claimed again, and its first worker changes nothing', {
  tags: ['comparison-claim'],
}, async () => {
  await worker?.close({ timeoutMs: 5_000 })
  worker = undefined
  const { comparisonId } = await createComparison(harness.db, {
    comparisonId: newComparisonId(),
    query: objectOf('clip.mp4'),
    reference: objectOf('film.mp4'),
  })
  const first = await claimComparison(harness.db, { leaseMs: 60_000 })
  expect(first?.comparison.comparisonId).toBe(comparisonId)
  expect(await claimComparison(harness.db, { leaseMs: 60_000 })).toBeNull()
  await harness.db.pool.query(
    `update comparisons set lease_until = now() - interval '1 second' where state = 'Running'`,
  )
  await startWorker()
  await vi.waitFor(async () => {
    expect((await getComparison(harness.db, comparisonId))?.state).toBe('Success')
  }, WAIT)
})

test('an expired comparison is deleted with its uploads, and a running one is not', {
  tags: ['comparison-apart'],
}, async () => {
  await worker?.close({ timeoutMs: 5_000 })
  worker = undefined
  harness.put(join(clips, 'clip.mp4'), '.comparisons/old/query.mp4')
  const upload: ComparisonSource = { ...objectOf('.comparisons/old/query.mp4'), source: 'upload' }
  const sides = { query: upload, reference: objectOf('film.mp4') }
  const running = await createComparison(harness.db, { comparisonId: newComparisonId(), ...sides })
  await claimComparison(harness.db, { leaseMs: 60_000 })
  const old = await createComparison(harness.db, { comparisonId: newComparisonId(), ...sides })
  await harness.db.pool.query(
    `update comparisons set expires_at = now() - interval '1 second'
    where comparison_id = any($1)`,
    [[running.comparisonId, old.comparisonId]],
  )
  expect(await getComparison(harness.db, old.comparisonId)).toBeNull()
  expect(await removeExpiredComparisons(harness)).toBe(1)
  expect(existsSync(join(harness.folder, 'buckets', BUCKET, '.comparisons/old/query.mp4'))).toBe(false)
  expect(existsSync(join(harness.folder, 'buckets', BUCKET, 'film.mp4'))).toBe(true)
  expect((await getComparison(harness.db, running.comparisonId))?.state).toBe('Running')
  expect(await deleteComparison(harness.db, running.comparisonId)).toBe(true)
  expect(await deleteComparison(harness.db, old.comparisonId)).toBe(false)
})
