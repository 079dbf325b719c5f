import { Fault } from '@kinoprint/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { ensureQueue } from '../queues.ts'
import { enqueueJobs, type NewJob } from './enqueue-jobs.ts'
import { getJobs } from './read-jobs.ts'

function request(object: string, changes: Partial<NewJob> = {}): NewJob {
  return {
    ruleType: 'FindSimilarVideo',
    dnaDbId: 'Db1',
    bucket: 'films-125',
    region: 'local',
    object,
    ...changes,
  }
}

const BUCKET = { bucket: 'films-125', region: 'local' }

describe.each(backends)('enqueueing jobs on $name', ({ open }) => {
  let base: TestDatabase
  beforeAll(async () => {
    base = await open()
  })
  afterAll(() => base.close())

  const countJobs = async (object: string): Promise<number> => {
    const { rows } = await base.db.pool.query('select from jobs where object = $1', [object])
    return rows.length
  }

  test('each job of a batch has its own outcome: a new job, the job of the same request, or a fault', async () => {
    const repeated = request('b', { requestHash: 'same', dedupeSeconds: 10 })
    const outcomes = await enqueueJobs(base.db, [
      request('a', { jobLevel: 2, userData: 'mine' }),
      repeated,
      request('c', { queueId: 'p00' }),
      { ...repeated },
      request('d', { requestHash: 'same', dedupeSeconds: 0 }),
    ])
    expect(outcomes[0]).toMatchObject({ object: 'a', jobLevel: 2, userData: 'mine', state: 'Submitted' })
    expect(outcomes[2]).toMatchObject({ code: 'InvalidArgument' })
    const ids = [0, 1, 3, 4].map((at) => {
      const outcome = outcomes[at]
      if (outcome === undefined || outcome instanceof Fault) throw outcome ?? new Error('none')
      return outcome.jobId
    })
    expect(ids[1]).toBe(ids[2])
    expect(new Set(ids).size).toBe(3)
    expect(await enqueueJobs(base.db, [{ ...repeated }])).toMatchObject([{ jobId: ids[1] }])
  })

  test('a retry returns the job of its request, and equal requests without a retry mark create a job each', {
    tags: ['retry-dedupe'],
  }, async () => {
    const first = request('r', { requestHash: 'retried' })
    const retry = request('r', { requestHash: 'retried', dedupeSeconds: 10 })
    const elsewhere = { ...retry, region: 'other' }
    const together = await enqueueJobs(base.db, [first, first, retry, elsewhere])
    const ids = together.map((outcome) => ('jobId' in outcome ? outcome.jobId : outcome))
    expect(new Set(ids).size).toBe(3)
    expect(ids[2]).toBe(ids[0])
    expect(await enqueueJobs(base.db, [{ ...retry }])).toMatchObject([{ jobId: ids[0] }])
    expect(await enqueueJobs(base.db, [{ ...first }])).not.toMatchObject([{ jobId: ids[0] }])
    expect(await countJobs('r')).toBe(4)
  })

  test('an enqueued job is returned as its row is read', async () => {
    const callback = { silent: false, type: 'Url', format: 'JSON', url: 'http://h/' } as const
    const jobs = [
      request('plain'),
      request('full', { jobLevel: 1, userData: 'u', callback, secretId: 'AKID1' }),
    ]
    for (const outcome of await enqueueJobs(base.db, jobs)) {
      if (outcome instanceof Fault) throw outcome
      expect([outcome]).toEqual(await getJobs(base.db, [outcome.jobId]))
    }
  })

  test('concurrent retries of one request create one job', async () => {
    const job = request('at-once', { requestHash: 'at-once', dedupeSeconds: 10 })
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => enqueueJobs(base.db, [{ ...job }])))
    expect(new Set(outcomes.flat().map((outcome) => 'jobId' in outcome && outcome.jobId)).size).toBe(1)
    expect(await countJobs('at-once')).toBe(1)
  })

  test('a job that requires its library is refused without it', async () => {
    const outcomes = await enqueueJobs(base.db, [request('e', { libraryMustExist: true }), request('f')])
    expect(outcomes).toMatchObject([{ code: 'InvalidArgument' }, { object: 'f' }])
  })

  test('concurrent batches do not exceed the size of their queue', async () => {
    const { queueId } = await ensureQueue(base.db, BUCKET)
    await base.db.pool.query('delete from jobs')
    await base.db.pool.query('update queues set max_size = 20 where queue_id = $1', [queueId])
    const batches = Array.from({ length: 8 }, (_, n) => [
      request(`${n}-a`),
      request(`${n}-b`),
      request(`${n}-c`),
    ])
    const outcomes = (await Promise.all(batches.map((batch) => enqueueJobs(base.db, batch)))).flat()
    const created = outcomes.flatMap((outcome) => (outcome instanceof Fault ? [] : [outcome.jobId]))
    expect(created).toHaveLength(20)
    // Any of them: the database decides which batch comes last and is refused.
    await base.db.pool.query(`update jobs set state = 'Cancel', ended_at = now() where job_id = $1`, [
      created[0],
    ])
    expect(await enqueueJobs(base.db, [request('free'), request('late')])).toMatchObject([
      { object: 'free' },
      { code: 'QueueSaturated' },
    ])
  })

  test('a key has at most waitingPerKey waiting jobs over all its queues, and other keys are unaffected', {
    tags: ['key-waiting'],
  }, async () => {
    await base.db.pool.query('delete from jobs')
    const limit = { waitingPerKey: 2 }
    const of = (secretId: string, changes: Partial<NewJob> = {}) => request('k', { secretId, ...changes })
    const codes = async (jobs: readonly NewJob[]) =>
      (await enqueueJobs(base.db, jobs, limit)).map((outcome) =>
        outcome instanceof Fault ? outcome.code : outcome.secretId,
      )
    const elsewhere = { bucket: 'other-125' }
    expect(await codes([of('A'), of('B'), of('A'), of('A'), of('B')])).toEqual([
      'A',
      'B',
      'A',
      'QueueSaturated',
      'B',
    ])
    expect(await codes([of('A', elsewhere), of('C', elsewhere)])).toEqual(['QueueSaturated', 'C'])
    expect(await codes([request('no key'), request('no key'), request('no key')])).toEqual([null, null, null])
    await base.db.pool.query(`update jobs set state = 'Pause' where secret_id = 'A'`)
    expect(await codes([of('A')])).toEqual(['QueueSaturated'])
    await base.db.pool.query(`update jobs set state = 'Cancel', ended_at = now() where secret_id = 'A'`)
    expect(await codes([of('A')])).toEqual(['A'])
    expect(await enqueueJobs(base.db, [of('A'), of('A')], { waitingPerKey: 0 })).toMatchObject([{}, {}])
  })

  test('jobs refused because of their key take no space in its queue', {
    tags: ['key-waiting'],
  }, async () => {
    const { queueId } = await ensureQueue(base.db, BUCKET)
    await base.db.pool.query('delete from jobs')
    await base.db.pool.query('update queues set max_size = 2 where queue_id = $1', [queueId])
    const outcomes = await enqueueJobs(
      base.db,
      ['A', 'A', 'A', 'B'].map((secretId) => request('p', { secretId })),
      { waitingPerKey: 1 },
    )
    await base.db.pool.query('update queues set max_size = 10000')
    expect(outcomes.map((outcome) => (outcome instanceof Fault ? outcome.code : outcome.secretId))).toEqual([
      'A',
      'QueueSaturated',
      'QueueSaturated',
      'B',
    ])
  })

  test('a batch fills the free space of its queue and the rest is refused', async () => {
    const { queueId } = await ensureQueue(base.db, BUCKET)
    await base.db.pool.query('delete from jobs')
    await base.db.pool.query('update queues set max_size = 2 where queue_id = $1', [queueId])
    const outcomes = await enqueueJobs(
      base.db,
      ['a', 'b', 'c'].map((object) => request(object)),
    )
    expect(outcomes.map((outcome) => (outcome instanceof Fault ? outcome.code : outcome.object))).toEqual([
      'a',
      'b',
      'QueueSaturated',
    ])
  })
})
