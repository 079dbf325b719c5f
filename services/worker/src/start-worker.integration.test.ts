import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@kinoprint/core'
import { openObjectStore } from '@kinoprint/objects'
import { claimJob, enqueueJob, getJobs, listJobAttempts, readWorkers, stopJob } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../../../tests/footage.ts'
import { reconcileOnce, startReconciler } from './reconciler/start-reconciler.ts'
import { BUCKET, openWorkerHarness, type WorkerHarness } from './worker-harness.fixture.ts'

const clips = mkdtempSync(join(tmpdir(), 'kinoprint-worker-clips-'))
let harness: WorkerHarness

beforeAll(async () => {
  await renderFootage(join(clips, 'short.mp4'), { seed: 5, seconds: 5 })
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30', '-t', '60']
  await ffmpeg(...source, '-c:v', 'libx264', '-preset', 'ultrafast', join(clips, 'long.mp4'))
  harness = await openWorkerHarness()
  for (const name of ['short.mp4', 'long.mp4']) harness.put(join(clips, name), name)
})

afterAll(async () => {
  await harness.close()
  rmSync(clips, { recursive: true, force: true })
})

async function stateOf(jobId: string) {
  return (await getJobs(harness.db, [jobId]))[0]
}

test('a worker that closes returns its running job, and the next worker runs it as a first attempt', async () => {
  const { dnaDbId } = await harness.createLibrary()
  const first = await harness.startWorker({ concurrency: 1 })
  const job = await harness.submit({ ruleType: 'GetFingerPrint', dnaDbId, object: 'long.mp4' })
  while ((await stateOf(job.jobId))?.state !== 'Running') await delay(20)
  await first.close({ timeoutMs: 60_000 })
  expect(await stateOf(job.jobId)).toMatchObject({ state: 'Submitted', attempts: 0 })
  const second = await harness.startWorker({ concurrency: 1 })
  expect(await harness.ended(job)).toMatchObject({ state: 'Success', attempts: 1 })
  await second.close({ timeoutMs: 6_000 })
})

test('the reconciler dispatches a job that never reached the queue', async () => {
  const { dnaDbId } = await harness.createLibrary()
  const worker = await harness.startWorker({ concurrency: 1 })
  const fields = { dnaDbId, bucket: BUCKET, region: 'local', object: 'short.mp4' }
  const job = await enqueueJob(harness.db, { ruleType: 'GetFingerPrint', ...fields })
  const { db, queue, log } = harness
  expect(await reconcileOnce({ db, queue, log, freshMs: 60_000 })).toEqual({ dispatched: 0 })
  const reconciler = startReconciler({
    db,
    queue,
    log,
    jobRetentionDays: 90,
    queryRetentionDays: 30,
    roundMs: 100,
    freshMs: 200,
  })
  expect(await harness.ended(job)).toMatchObject({ state: 'Success' })
  await reconciler.close()
  await worker.close({ timeoutMs: 6_000 })
})

test('the job of a dead worker runs again when its lease expires', async () => {
  const { dnaDbId } = await harness.createLibrary()
  const job = await enqueueJob(harness.db, {
    ruleType: 'GetFingerPrint',
    dnaDbId,
    bucket: BUCKET,
    region: 'local',
    object: 'short.mp4',
  })
  expect(await claimJob(harness.db, { jobId: job.jobId, workerId: 'dead', leaseMs: 300 })).toMatchObject({
    kind: 'run',
  })
  const worker = await harness.startWorker({ concurrency: 1 })
  const { db, queue, log } = harness
  const reconciler = startReconciler({
    db,
    queue,
    log,
    jobRetentionDays: 90,
    queryRetentionDays: 30,
    roundMs: 100,
  })
  expect(await harness.ended(job)).toMatchObject({ state: 'Success', attempts: 2 })
  await reconciler.close()
  await worker.close({ timeoutMs: 6_000 })
  const [lost, done] = await listJobAttempts(db, job.jobId)
  expect(lost).toMatchObject({ worker: 'dead', outcome: 'Lost', stages: [] })
  expect(done).toMatchObject({ attempt: 2, outcome: 'Success' })
  const stages = done?.stages.map(({ stage }) => stage)
  expect([stages?.[0], stages?.at(-1)]).toEqual(['fetch', 'store'])
})

test('two deliveries of one job run it once', { tags: ['one-claim'] }, async () => {
  const { dnaDbId } = await harness.createLibrary()
  const job = await harness.submit({ ruleType: 'GetFingerPrint', dnaDbId, object: 'short.mp4' })
  const worker = await harness.startWorker({ concurrency: 2 })
  expect(await harness.ended(job)).toMatchObject({ state: 'Success' })
  await harness.queue.enqueue(job.jobId, 0)
  while ((await harness.queue.has([job.jobId])).size > 0) await delay(50)
  expect(await stateOf(job.jobId)).toMatchObject({ state: 'Success', attempts: 1 })
  await worker.close({ timeoutMs: 6_000 })
})

test('a job is Running while its object is read, and can be cancelled even if reading never ends', {
  tags: ['claim-first'],
}, async () => {
  const { dnaDbId } = await harness.createLibrary()
  const untilAborted = (signal: AbortSignal | undefined): Promise<never> =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(new Fault('Cancelled', 'The job was stopped.')))
    })
  const { startWorker } = await import('./start-worker.ts')
  const worker = await startWorker({
    ...harness,
    queue: { pool: harness.db.pool, postgres: true },
    objects: {
      ...harness.objects,
      // Simulates reading a sparse file of terabytes for its ETag.
      head: () => new Promise(() => undefined),
      open: (_bucket, _object, options) => untilAborted(options?.signal),
    },
    concurrency: 1,
    maxVideoSeconds: 1800,
  })
  const job = await harness.submit({ ruleType: 'GetFingerPrint', dnaDbId, object: 'short.mp4' })
  await expect.poll(async () => (await stateOf(job.jobId))?.state, { timeout: 250_000 }).toBe('Running')
  await stopJob(harness.db, job.jobId)
  await expect.poll(() => worker.running(), { timeout: 250_000 }).toEqual([])
  expect(await stateOf(job.jobId)).toMatchObject({ state: 'Cancel' })
  await worker.close({ timeoutMs: 6_000 })
})

test('a job whose object is too large fails at the first attempt', {
  tags: ['object-size'],
}, async () => {
  const { dnaDbId } = await harness.createLibrary()
  const { startWorker } = await import('./start-worker.ts')
  const worker = await startWorker({
    ...harness,
    queue: { pool: harness.db.pool, postgres: true },
    objects: openObjectStore({ bucketsDir: join(harness.folder, 'buckets'), maxObjectBytes: 1000 }),
    concurrency: 1,
    maxVideoSeconds: 1800,
  })
  for (const ruleType of ['GetFingerPrint', 'FindSimilarVideo'] as const)
    expect(await harness.run({ ruleType, dnaDbId, object: 'short.mp4' })).toMatchObject({
      state: 'Failed',
      code: 'ResourceNotSupported',
      message: expect.stringContaining('at most 1.0 kB are supported'),
      attempts: 1,
    })
  await worker.close({ timeoutMs: 6_000 })
})

test('a job that hits a bug fails after five attempts, with the reason in the log and in its cause', {
  tags: ['five-attempts', 'job-bug'],
}, async () => {
  const { dnaDbId } = await harness.createLibrary()
  const broken = { ...harness.objects, open: () => Promise.reject(new TypeError('a bug of ours')) }
  const { startWorker } = await import('./start-worker.ts')
  const worker = await startWorker({
    ...harness,
    queue: { pool: harness.db.pool, postgres: true },
    objects: broken,
    concurrency: 1,
    maxVideoSeconds: 1800,
  })
  const job = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'short.mp4' })
  expect(job).toMatchObject({ state: 'Failed', code: 'InternalError', attempts: 5, cause: 'a bug of ours' })
  expect(job.message).not.toContain('a bug of ours')
  expect(harness.log.lines.filter((line) => line.includes('a bug of ours')).length).toBeGreaterThanOrEqual(5)
  await worker.close({ timeoutMs: 6_000 })
})

test('a worker reports itself with its version while it runs, and says when it stops', async () => {
  const named = await harness.startWorker({ concurrency: 2 })
  const read = async () => (await readWorkers(harness.db)).find(({ workerId }) => workerId === named.workerId)
  await expect.poll(read).toMatchObject({ state: 'alive', version: '1.2.3', slots: 2, running: [] })
  expect((await read())?.ffmpeg).toBe(harness.tools.version)
  await named.close({ timeoutMs: 1_000 })
  expect(await read()).toMatchObject({ state: 'stopped' })
})
