import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from './databases.fixture.ts'
import { finishDelivery, insertDelivery } from './deliveries/deliveries.ts'
import { cancelJobs } from './jobs/cancel-jobs.ts'
import { claimJob } from './jobs/claim-job.ts'
import { completeJob, failJob } from './jobs/finish-job.ts'
import { readQueueFacts } from './queue-facts.ts'
import { updateQueue } from './queues.ts'
import { claim, newJob } from './samples.fixture.ts'
import { readSeries } from './stats/read-series.ts'
import { readWorkerMarks, readWorkers, reportWorker, reportWorkerStopped } from './workers.ts'

describe.each(backends)('figures for operators on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  beforeEach(() => database.db.pool.query('truncate jobs, workers, job_hours cascade'))
  afterAll(() => database.close())

  const sql = (text: string, values: unknown[] = []) => database.db.pool.query(text, values)
  const facts = { name: 'host, process 1', version: '1.0.0', ffmpeg: '5.1.9', slots: 2 }
  const result = { videoId: 'dv1', durationSeconds: 90, detections: [] }

  test('a worker is alive, silent or stopped, and forgotten an hour later', async () => {
    for (const workerId of ['alive', 'silent', 'stopped', 'gone', 'forgotten'])
      await reportWorker(database.db, { workerId, ...facts })
    await reportWorkerStopped(database.db, 'stopped')
    const hear = (workerId: string, ago: string) =>
      sql('update workers set heard_at = now() - $2::interval where worker_id = $1', [workerId, ago])
    await hear('silent', '20 seconds')
    await hear('gone', '61 minutes')
    await hear('forgotten', '25 hours')
    const workers = await readWorkers(database.db)
    expect(workers.map(({ workerId, state }) => [workerId, state])).toEqual([
      ['alive', 'alive'],
      ['silent', 'silent'],
      ['stopped', 'stopped'],
    ])
    expect(workers[1]?.heardSecondsAgo).toBeGreaterThanOrEqual(20)
    await reportWorker(database.db, { workerId: 'alive', ...facts })
    expect((await sql('select from workers')).rowCount).toBe(4)
  })

  test('a worker shows what it runs and what it ended in the last hour', async () => {
    await reportWorker(database.db, { workerId: 'w', ...facts })
    const run = async (): Promise<Awaited<ReturnType<typeof claim>>> => {
      const { jobId } = await newJob(database.db, 'Db1')
      const claimed = await claimJob(database.db, { jobId, workerId: 'w', leaseMs: 60_000 })
      if (claimed.kind !== 'run') throw new Error(claimed.kind)
      return claimed.fence
    }
    await completeJob(database.db, await run(), result)
    await failJob(database.db, await run(), { code: 'InternalError', message: 'm' })
    const before = await readWorkerMarks(database.db)
    const { jobId } = await run()
    expect(await readWorkerMarks(database.db)).not.toEqual(before)
    expect(await readWorkers(database.db)).toMatchObject([
      { workerId: 'w', running: [{ jobId }], lastHour: { jobs: 2, failed: 1, minutes: 1.5 } },
    ])
    await sql(`update jobs set ended_at = now() - interval '61 minutes' where ended_at is not null`)
    expect(await readWorkers(database.db)).toMatchObject([{ lastHour: { jobs: 0, failed: 0, minutes: 0 } }])
  })

  test('a series counts what was created and ended in each step, and in all', async () => {
    const search = async () => {
      const { jobId } = await newJob(database.db, 'Db1', { ruleType: 'FindSimilarVideo' })
      return { jobId, fence: await claim(database.db, jobId) }
    }
    const [found, empty, failed] = [await search(), await search(), await search()]
    const detection = {
      videoId: 'dv1',
      object: 'a.mp4',
      durationSeconds: 9,
      score: 0.9,
      similar: 90,
      audioSimilar: 0,
      queryCoverage: 1,
      refCoverage: 1,
      segments: [],
    }
    await completeJob(database.db, found.fence, { ...result, detections: [detection] })
    await completeJob(database.db, empty.fence, result)
    await failJob(database.db, failed.fence, { code: 'ResourceNotFound', message: 'm' })
    await newJob(database.db, 'Db1', { secretId: 'A' })
    await cancelJobs(database.db, { secretId: 'A' })
    const from = new Date('2026-01-01T00:00:00Z')
    const shift = (jobId: string, minute: number, seconds: number) =>
      sql(
        `update jobs set created_at = $2::timestamptz, started_at = $2::timestamptz + interval '2 seconds',
           ended_at = $2::timestamptz + (2 + $3) * interval '1 second' where job_id = $1`,
        [jobId, new Date(from.getTime() + minute * 60_000), seconds],
      )
    await shift(found.jobId, 0, 10)
    await shift(empty.jobId, 1, 20)
    await shift(failed.jobId, 11, 1)
    const to = new Date('2026-01-01T00:25:00Z')
    const { points, totals, failures } = await readSeries(database.db, { from, to, stepSeconds: 600 })
    const none = {
      created: 0,
      succeeded: 0,
      failed: 0,
      cancelled: 0,
      searches: 0,
      searchesWithMatch: 0,
      minutes: 0,
    }
    expect(points).toEqual([
      {
        ...none,
        created: 2,
        succeeded: 2,
        searches: 2,
        searchesWithMatch: 1,
        minutes: 3,
        searchSeconds: { p50: 15, p95: 19.5 },
        waitSeconds: { p50: 2, p95: 2 },
      },
      { ...none, created: 1, failed: 1, searchSeconds: null, waitSeconds: { p50: 2, p95: 2 } },
      { ...none, searchSeconds: null, waitSeconds: null },
    ])
    expect(totals).toMatchObject({
      created: 3,
      succeeded: 2,
      failed: 1,
      searches: 2,
      searchSeconds: { p50: 15 },
    })
    expect(failures).toEqual([{ code: 'ResourceNotFound', jobs: 1 }])
    const today = await readSeries(database.db, {
      from: new Date(Date.now() - 60_000),
      to: new Date(Date.now() + 60_000),
      stepSeconds: 600,
    })
    expect(today.totals).toMatchObject({ created: 1, cancelled: 1, succeeded: 0 })
  })

  test('figures of long steps come from kept hours, which forget a job that runs again and outlive purged ones', async () => {
    const { queueId } = await newJob(database.db, 'Db1')
    await sql('delete from jobs')
    const jobs = [
      ['a', 'Success', '00:10:00', 10],
      ['b', 'Success', '00:50:00', 20],
      ['c', 'Failed', '01:05:00', 5],
    ] as const
    for (const [id, state, end, seconds] of jobs) {
      await sql(
        `insert into jobs (job_id, state, rule_type, dna_db_id, bucket, region, object, queue_id, created_at, started_at,
           ended_at, code) values ($1, $2, 'FindSimilarVideo', 'Db1', 'films-125', 'local', 'o', $3,
           $4::timestamptz - $5 * interval '1 second' - interval '2 seconds', $4::timestamptz - $5 * interval '1 second',
           $4, case when $2 = 'Failed' then 'ResourceNotFound' end)`,
        [id, state, queueId, `2026-01-01T${end}Z`, seconds],
      )
    }
    // The last step is half an hour.
    const request = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-01-01T02:30:00Z') }
    const read = () => readSeries(database.db, { ...request, stepSeconds: 3600 })
    const first = await read()
    expect(first.points).toHaveLength(3)
    expect(first.points).toMatchObject([
      { created: 2, succeeded: 2, searches: 2, failed: 0 },
      { created: 1, succeeded: 0, failed: 1, searchSeconds: null },
      { created: 0, failed: 0 },
    ])
    const { searchSeconds, waitSeconds } = first.points[0] ?? {}
    expect(Math.abs((searchSeconds?.p50 ?? 0) / 15 - 1)).toBeLessThan(0.01)
    expect(Math.abs((searchSeconds?.p95 ?? 0) / 19.5 - 1)).toBeLessThan(0.01)
    expect(Math.abs((waitSeconds?.p50 ?? 0) / 2 - 1)).toBeLessThan(0.01)
    expect(first.failures).toEqual([{ code: 'ResourceNotFound', jobs: 1 }])
    expect(first.matches).toEqual({ open: 0, confirmed: 0, dismissed: 0 })
    const {
      points: _,
      matches: __,
      ...byJob
    } = await readSeries(database.db, { ...request, stepSeconds: 1800 })
    expect(first.totals).toMatchObject({ ...byJob.totals, searchSeconds: {}, waitSeconds: {} })
    expect(await read()).toEqual(first)
    await sql(`update jobs set state = 'Submitted', ended_at = null, code = null where job_id = 'c'`)
    const retried = await read()
    expect(retried.totals).toMatchObject({ created: 3, succeeded: 2, failed: 0 })
    await sql('delete from jobs')
    expect(await read()).toEqual(retried)
  })

  test('a queue says who paused it, how many jobs wait and how its callbacks end', async () => {
    const job = await newJob(database.db, 'Db1', { jobLevel: 2 })
    await newJob(database.db, 'Db1')
    const { jobId, queueId } = await newJob(database.db, 'Db1')
    await claim(database.db, jobId)
    const read = async () => (await readQueueFacts(database.db, [queueId])).get(queueId)
    expect(await read()).toMatchObject({
      pausedBy: null,
      pausedAt: null,
      running: 1,
      waiting: [
        { jobLevel: 2, jobs: 1, oldestAt: job.createdAt },
        { jobLevel: 1, jobs: 0, oldestAt: null },
        { jobLevel: 0, jobs: 1 },
      ],
      callbacks: { due: 0, givenUp: 0, last: null },
    })
    await updateQueue(database.db, queueId, { state: 'Paused', by: 'Li' })
    const paused = await read()
    expect(paused).toMatchObject({ pausedBy: 'Li', pausedAt: expect.any(Date) })
    // Another change while it is paused is not another pause.
    await updateQueue(database.db, queueId, { state: 'Paused', maxConcurrent: 5, by: 'Wei' })
    expect(await read()).toEqual(paused)
    await updateQueue(database.db, queueId, { state: 'Active', by: 'Wei' })
    expect(await read()).toMatchObject({ pausedBy: null, pausedAt: null })

    const url = 'http://hooks.test/x'
    const deliveryId = await insertDelivery(database.db.pool, { jobId, type: 'Url', format: 'XML', url })
    expect((await read())?.callbacks).toEqual({ due: 1, givenUp: 0, last: null })
    await finishDelivery(database.db, {
      deliveryId,
      attempt: 0,
      delivered: false,
      httpStatus: 500,
      error: 'Failed.',
    })
    expect((await read())?.callbacks).toMatchObject({
      due: 0,
      givenUp: 1,
      last: { delivered: false, httpStatus: 500, error: 'Failed.' },
    })
  })
})
