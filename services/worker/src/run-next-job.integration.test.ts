import { claimJob, completeJob, getJobs, type Job, type JobFence } from '@kinoprint/store'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { JobRun } from './run-job.ts'
import { runNextJob } from './run-next-job.ts'
import { createSchedulerSlots, LONG_BYTES } from './scheduler-slots.ts'
import { openWorkerHarness, type WorkerHarness } from './worker-harness.fixture.ts'

let harness: WorkerHarness
beforeAll(async () => {
  harness = await openWorkerHarness()
})
beforeEach(() => harness.db.pool.query('delete from jobs; delete from turns'))
afterAll(() => harness.close())

const RESULT = { videoId: 'dv1', durationSeconds: 1, detections: [] }
function add(bucket: string, object = 'short.mp4'): Promise<Job> {
  return harness.submit({
    ruleType: 'FindSimilarVideo',
    dnaDbId: 'Db1',
    bucket,
    object,
    secretId: `key of ${bucket}`,
  })
}

/** A worker that records the jobs it starts. The first job ends when every slot is taken. */
function openWorker({ concurrency = 1 } = {}) {
  const slots = createSchedulerSlots({ count: concurrency, cores: 2 })
  const started: string[] = []
  const running: { readonly fence: JobFence; readonly release: () => void }[] = []
  const endOne = async (): Promise<void> => {
    const first = running.shift()
    if (first === undefined) return
    await completeJob(harness.db, first.fence, RESULT)
    first.release()
  }
  const deliver = ({ jobId }: Job) =>
    runNextJob(
      {
        db: harness.db,
        log: harness.log,
        slots,
        sizeOf: async ({ object }) => (object.startsWith('long') ? LONG_BYTES : 1),
        run: async (id, { release }): Promise<JobRun> => {
          const claim = await claimJob(harness.db, { jobId: id, workerId: 'w', leaseMs: 60_000 })
          if (claim.kind !== 'run') {
            release()
            return { settled: false, outcome: claim.kind === 'later' ? claim : { kind: 'done' } }
          }
          started.push(`${claim.job.bucket} ${claim.job.object}`)
          running.push({ fence: claim.fence, release })
          if (running.length === concurrency) await endOne()
          return { settled: true, outcome: { kind: 'done' } }
        },
      },
      { jobId, signal: new AbortController().signal },
    )
  return { started, deliver, endOne }
}

test('queue entries of one bucket also run jobs of other buckets in turn', {
  tags: ['fair-turns'],
}, async () => {
  const flood: Job[] = []
  for (let n = 0; n < 12; n++) flood.push(await add('flood-1'))
  for (let n = 0; n < 3; n++) await add('other-1')
  const { started, deliver } = openWorker()
  for (const job of flood.slice(0, 6)) expect(await deliver(job)).toEqual({ kind: 'done' })
  expect(started.filter((name) => name.startsWith('other'))).toHaveLength(3)
})

test('with one queue entry per job, every job runs once', { tags: ['every-job-runs'] }, async () => {
  const jobs: Job[] = []
  for (let n = 0; n < 4; n++) jobs.push(await add('a-1'), await add('b-1'))
  const { started, deliver } = openWorker()
  for (const job of jobs) expect(await deliver(job)).toEqual({ kind: 'done' })
  expect(started).toHaveLength(8)
  const states = (
    await getJobs(
      harness.db,
      jobs.map(({ jobId }) => jobId),
    )
  ).map(({ state }) => state)
  expect(new Set(states)).toEqual(new Set(['Success']))
})

test('a short video behind more than a page of long ones gets the slot they leave free', async () => {
  const long: Job[] = []
  for (let n = 0; n < 40; n++) long.push(await add('films-1', `long-${n}.mp4`))
  await add('films-1', 'short.mp4')
  const { started, deliver } = openWorker({ concurrency: 3 })
  for (const job of long.slice(0, 3)) await deliver(job)
  expect(started).toEqual(['films-1 long-0.mp4', 'films-1 long-1.mp4', 'films-1 short.mp4'])
})

test('the queue entry of a finished job is kept while jobs wait for a free slot, and dropped afterwards', {
  tags: ['every-job-runs'],
}, async () => {
  const ended = await add('films-1')
  const { deliver, endOne } = openWorker({ concurrency: 2 })
  await harness.db.pool.query('update queues set max_concurrent = 1')
  expect(await deliver(ended)).toEqual({ kind: 'done' })
  const waiting = await add('films-1')
  expect(await deliver(ended)).toMatchObject({ kind: 'later' })
  expect(await deliver(waiting)).toMatchObject({ kind: 'later' })
  await endOne()
  expect(await deliver(ended)).toEqual({ kind: 'done' })
  await endOne()
  expect(await deliver(waiting)).toEqual({ kind: 'done' })
  await harness.db.pool.query('update queues set max_concurrent = 10')
})
