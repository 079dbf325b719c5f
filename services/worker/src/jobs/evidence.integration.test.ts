import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { matchEvidence } from '@kinoprint/contract'
import { evidenceJson, readEvidence, updateLibrary } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import type { RunningWorker } from '../start-worker.ts'
import { openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'

// Videos are decoded: seconds on an idle machine, minutes on a busy one.
vi.setConfig({ testTimeout: 300_000 })

const clips = mkdtempSync(join(tmpdir(), 'kinoprint-evidence-'))
let harness: WorkerHarness
let worker: RunningWorker
let dnaDbId: string
let filmId: string

beforeAll(async () => {
  const clip = (name: string) => join(clips, name)
  await renderFootage(clip('film.mp4'), { seed: 1, seconds: 30 })
  await ffmpeg('-ss', '5', '-t', '15', '-i', clip('film.mp4'), '-vf', 'hflip', clip('copy.mp4'))
  harness = await openWorkerHarness()
  worker = await harness.startWorker()
  for (const name of ['film.mp4', 'copy.mp4']) harness.put(clip(name), name)
  const library = await harness.createLibrary()
  dnaDbId = library.dnaDbId
  const stored = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'film.mp4' })
  filmId = stored.result?.videoId ?? ''
})

afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await harness.close()
  rmSync(clips, { recursive: true, force: true })
})

async function evidenceOf(matchId: string | null | undefined) {
  const stored = await readEvidence(harness.db, matchId ?? '')
  if (!stored) throw new Error(`Match ${matchId} has no evidence.`)
  const json: unknown = JSON.parse(await evidenceJson(stored))
  const evidence = matchEvidence.parse(json)
  // The documented shape has every field.
  expect(evidence).toEqual(json)
  return evidence
}

test('a search writes what its match rests on, and keeps the fingerprint of its query', async () => {
  const found = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'copy.mp4' })
  const [detection] = found.result?.detections ?? []
  const evidence = await evidenceOf(detection?.matchId)
  expect(evidence).toMatchObject({ version: 1, whyNot: null, decoded: null, reduced: false })
  expect(evidence.queryDuration).toBeCloseTo(15, 0)
  expect(evidence.passages).toHaveLength(detection?.segments.length ?? -1)
  const [passage] = evidence.passages
  expect(passage).toMatchObject({ mirrored: true, picture: { method: 'frames' } })
  const { picture, sound } = passage ?? {}
  expect(picture?.alike).toBeGreaterThan(0.9 * (picture?.rows ?? 1))
  expect(sound?.meanBits).toBeLessThan(evidence.thresholds.soundBits)
  expect(Buffer.from(picture?.bits ?? '', 'base64').length).toBeGreaterThanOrEqual(picture?.rows ?? 1)
  expect(await harness.count('query_fingerprints')).toBe(1)
})

test('a query whose file is gone is found again by the VideoId of its search', async () => {
  const first = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'copy.mp4' })
  const videoId = first.result?.videoId ?? ''
  const again = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'gone.mp4', videoId })
  expect(again).toMatchObject({ state: 'Success', result: { videoId } })
  expect(again.result?.detections.map((one) => one.videoId)).toEqual([filmId])
  expect(again.result?.detections[0]?.matchId).toBe(first.result?.detections[0]?.matchId)
})

test('a stored video whose file is gone searches another library by its fingerprint', async () => {
  const other = await harness.createLibrary()
  await harness.run({ ruleType: 'GetFingerPrint', dnaDbId: other.dnaDbId, object: 'copy.mp4' })
  const job = { ruleType: 'FindSimilarVideo', dnaDbId: other.dnaDbId, object: 'gone.mp4' } as const
  const found = await harness.run({ ...job, videoId: filmId })
  expect(found.result?.videoId).toBe(filmId)
  expect(found.result?.detections).toHaveLength(1)
  const unknown = await harness.run({ ...job, videoId: `dv${'0'.repeat(32)}` })
  expect(unknown).toMatchObject({ state: 'Failed', code: 'InvalidArgument', attempts: 1 })
  expect(unknown.message).toContain('is not kept')
})

test('a pair that the policy leaves out is no detection, and is kept with what it lacks', async () => {
  const { db } = harness
  const strict = await harness.createLibrary()
  await harness.run({ ruleType: 'GetFingerPrint', dnaDbId: strict.dnaDbId, object: 'film.mp4' })
  const search = { ruleType: 'FindSimilarVideo', dnaDbId: strict.dnaDbId, object: 'copy.mp4' } as const
  const keptAs = async () => {
    const job = await harness.run(search)
    const { rows } = await db.pool.query<{ id: string; state: string }>(
      'select match_id as id, state from matches where dna_db_id = $1',
      [strict.dnaDbId],
    )
    const { whyNot } = await evidenceOf(rows[0]?.id)
    return { reported: job.result?.detections.length, states: rows.map(({ state }) => state), whyNot }
  }
  await updateLibrary(db, strict.dnaDbId, { policy: { minSeconds: 60 } })
  expect(await keptAs()).toMatchObject({
    reported: 0,
    states: ['near'],
    whyNot: { step: 'policySeconds', needs: 60, lacksSeconds: null },
  })
  await updateLibrary(db, strict.dnaDbId, { policy: { minSeconds: 0, reportFrom: 1 } })
  expect(await keptAs()).toMatchObject({
    reported: 0,
    states: ['open'],
    whyNot: { step: 'policyConfidence', needs: 1 },
  })
  await updateLibrary(db, strict.dnaDbId, { policy: { reportFrom: 0.45 } })
  expect(await keptAs()).toMatchObject({ reported: 1, states: ['open'], whyNot: null })
})
