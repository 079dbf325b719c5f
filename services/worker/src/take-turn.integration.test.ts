import { claimJob, completeJob, getJobs, type Job, type JobFence } from '@kinoprint/store'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAdmission, LONG_BYTES } from './admission.ts'
import type { Attempt } from './run-job.ts'
import { takeTurn } from './take-turn.ts'
import { openWorkshop, type Workshop } from './workshop.fixture.ts'

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop()
}, 60_000)
beforeEach(() => shop.db.pool.query('delete from jobs; delete from turns'))
afterAll(() => shop.close())

const RESULT = { videoId: 'dv1', durationSeconds: 1, detections: [] }
const add = (bucket: string, object = 'short.mp4'): Promise<Job> =>
  shop.submit({ ruleType: 'FindSimilarVideo', dnaDbId: 'Db1', bucket, object, secretId: `key of ${bucket}` })

/** A worker whose jobs are named where they begin, and end only where `places` are taken otherwise. */
const openWorker = ({ places = 1 } = {}) => {
  const admission = createAdmission({ places, cores: 2 })
  const began: string[] = []
  const running: { readonly fence: JobFence; readonly leave: () => void }[] = []
  const endOne = async (): Promise<void> => {
    const first = running.shift()
    if (first === undefined) return
    await completeJob(shop.db, first.fence, RESULT)
    first.leave()
  }
  const deliver = ({ jobId }: Job) =>
    takeTurn(
      {
        db: shop.db,
        log: shop.log,
        admission,
        sizeOf: async ({ object }) => (object.startsWith('long') ? LONG_BYTES : 1),
        run: async (taken, place): Promise<Attempt> => {
          const claim = await claimJob(shop.db, { jobId: taken, workerId: 'w', leaseMs: 60_000 })
          if (claim.kind !== 'run') {
            place.leave()
            return { taken: false, outcome: claim.kind === 'later' ? claim : { kind: 'done' } }
          }
          began.push(`${claim.job.bucket} ${claim.job.object}`)
          running.push({ fence: claim.fence, leave: place.leave })
          if (running.length === places) await endOne()
          return { taken: true, outcome: { kind: 'done' } }
        },
      },
      { jobId, signal: new AbortController().signal },
    )
  return { began, deliver, endOne }
}

test('entries of one bucket that came first run jobs of another bucket in turn', {
  tags: ['fair-turns'],
}, async () => {
  const flood: Job[] = []
  for (let n = 0; n < 12; n++) flood.push(await add('flood-1'))
  for (let n = 0; n < 3; n++) await add('other-1')
  const { began, deliver } = openWorker()
  for (const job of flood.slice(0, 6)) expect(await deliver(job)).toEqual({ kind: 'done' })
  expect(began.filter((who) => who.startsWith('other'))).toHaveLength(3)
})

test('every job runs once where entries and jobs are as many', { tags: ['every-job-runs'] }, async () => {
  const jobs: Job[] = []
  for (let n = 0; n < 4; n++) jobs.push(await add('a-1'), await add('b-1'))
  const { began, deliver } = openWorker()
  for (const job of jobs) expect(await deliver(job)).toEqual({ kind: 'done' })
  expect(began).toHaveLength(8)
  const states = (
    await getJobs(
      shop.db,
      jobs.map(({ jobId }) => jobId),
    )
  ).map(({ state }) => state)
  expect(new Set(states)).toEqual(new Set(['Success']))
})

test('a short job behind more long ones than are looked at together finds the place that they leave', async () => {
  const long: Job[] = []
  for (let n = 0; n < 40; n++) long.push(await add('films-1', `long-${n}.mp4`))
  await add('films-1', 'short.mp4')
  const { began, deliver } = openWorker({ places: 3 })
  for (const job of long.slice(0, 3)) await deliver(job)
  expect(began).toEqual(['films-1 long-0.mp4', 'films-1 long-1.mp4', 'films-1 short.mp4'])
})

test('an entry whose job has ended is kept while jobs wait that may not run now, and dropped afterwards', {
  tags: ['every-job-runs'],
}, async () => {
  const ended = await add('films-1')
  const { deliver, endOne } = openWorker({ places: 2 })
  await shop.db.pool.query('update queues set max_concurrent = 1')
  expect(await deliver(ended)).toEqual({ kind: 'done' })
  const waiting = await add('films-1')
  expect(await deliver(ended)).toMatchObject({ kind: 'later' })
  expect(await deliver(waiting)).toMatchObject({ kind: 'later' })
  await endOne()
  expect(await deliver(ended)).toEqual({ kind: 'done' })
  await endOne()
  expect(await deliver(waiting)).toEqual({ kind: 'done' })
  await shop.db.pool.query('update queues set max_concurrent = 10')
})
