import { Fault } from '@kinoprint/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { ensureQueue } from '../queues.ts'
import { enqueueJobs, type NewJob } from './enqueue-jobs.ts'
import { getJobs } from './read-jobs.ts'

function asked(object: string, changes: Partial<NewJob> = {}): NewJob {
  return {
    ruleType: 'FindSimilarVideo',
    dnaDbId: 'Db1',
    bucket: 'films-125',
    region: 'local',
    object,
    ...changes,
  }
}

const PLACE = { bucket: 'films-125', region: 'local' }

describe.each(backends)('jobs that come together on $name', ({ open }) => {
  let base: TestDatabase
  beforeAll(async () => {
    base = await open()
  })
  afterAll(() => base.close())

  test('each has its own outcome: a job, the one that the same request made, or what is wrong with it', async () => {
    const repeated = asked('b', { requestHash: 'same', dedupeSeconds: 10 })
    const outcomes = await enqueueJobs(base.db, [
      asked('a', { jobLevel: 2, userData: 'mine' }),
      repeated,
      asked('c', { queueId: 'p00' }),
      { ...repeated },
      asked('d', { requestHash: 'same', dedupeSeconds: 0 }),
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

  test('a retry answers the job of its request, and equal requests that are no retries make a job each', {
    tags: ['retry-dedupe'],
  }, async () => {
    const first = asked('r', { requestHash: 'retried' })
    const retry = asked('r', { requestHash: 'retried', dedupeSeconds: 10 })
    const elsewhere = { ...retry, region: 'other' }
    const together = await enqueueJobs(base.db, [first, first, retry, elsewhere])
    const ids = together.map((outcome) => ('jobId' in outcome ? outcome.jobId : outcome))
    expect(new Set(ids).size).toBe(3)
    expect(ids[2]).toBe(ids[0])
    expect(await enqueueJobs(base.db, [{ ...retry }])).toMatchObject([{ jobId: ids[0] }])
    expect(await enqueueJobs(base.db, [{ ...first }])).not.toMatchObject([{ jobId: ids[0] }])
  })

  test('a job is answered as its row has it', async () => {
    const callback = { silent: false, type: 'Url', format: 'JSON', url: 'http://h/' } as const
    const jobs = [asked('plain'), asked('full', { jobLevel: 1, userData: 'u', callback, secretId: 'AKID1' })]
    for (const outcome of await enqueueJobs(base.db, jobs)) {
      if (outcome instanceof Fault) throw outcome
      expect([outcome]).toEqual(await getJobs(base.db, [outcome.jobId]))
    }
  })

  test('the same request sent many times at once makes one job', async () => {
    const job = asked('at-once', { requestHash: 'at-once', dedupeSeconds: 10 })
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => enqueueJobs(base.db, [{ ...job }])))
    expect(new Set(outcomes.flat().map((outcome) => 'jobId' in outcome && outcome.jobId)).size).toBe(1)
  })

  test('a library that is asked for must be there', async () => {
    const outcomes = await enqueueJobs(base.db, [asked('e', { libraryMustExist: true }), asked('f')])
    expect(outcomes).toMatchObject([{ code: 'InvalidArgument' }, { object: 'f' }])
  })

  test('many that come at once, and one more, find no more room than there is', async () => {
    const { queueId } = await ensureQueue(base.db, PLACE)
    await base.db.pool.query('delete from jobs')
    await base.db.pool.query('update queues set max_size = 20 where queue_id = $1', [queueId])
    const batches = Array.from({ length: 8 }, (_, n) => [asked(`${n}-a`), asked(`${n}-b`), asked(`${n}-c`)])
    const outcomes = (await Promise.all(batches.map((batch) => enqueueJobs(base.db, batch)))).flat()
    expect(outcomes.filter((outcome) => !(outcome instanceof Fault))).toHaveLength(20)
    await base.db.pool.query(`update jobs set state = 'Cancel', ended_at = now() where object = '0-a'`)
    expect(await enqueueJobs(base.db, [asked('free'), asked('late')])).toMatchObject([
      { object: 'free' },
      { code: 'QueueSaturated' },
    ])
  })

  test('a key has no more jobs waiting than it may, in all its queues together, and other keys have room', {
    tags: ['key-waiting'],
  }, async () => {
    await base.db.pool.query('delete from jobs')
    const limit = { waitingPerKey: 2 }
    const of = (secretId: string, changes: Partial<NewJob> = {}) => asked('k', { secretId, ...changes })
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
    expect(await codes([asked('no key'), asked('no key'), asked('no key')])).toEqual([null, null, null])
    await base.db.pool.query(`update jobs set state = 'Pause' where secret_id = 'A'`)
    expect(await codes([of('A')])).toEqual(['QueueSaturated'])
    await base.db.pool.query(`update jobs set state = 'Cancel', ended_at = now() where secret_id = 'A'`)
    expect(await codes([of('A')])).toEqual(['A'])
    expect(await enqueueJobs(base.db, [of('A'), of('A')], { waitingPerKey: 0 })).toMatchObject([{}, {}])
  })

  test('what a key may not add leaves its place in the queue to others', {
    tags: ['key-waiting'],
  }, async () => {
    const { queueId } = await ensureQueue(base.db, PLACE)
    await base.db.pool.query('delete from jobs')
    await base.db.pool.query('update queues set max_size = 2 where queue_id = $1', [queueId])
    const outcomes = await enqueueJobs(
      base.db,
      ['A', 'A', 'A', 'B'].map((secretId) => asked('p', { secretId })),
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

  test('as many are taken as the queue has room for', async () => {
    const { queueId } = await ensureQueue(base.db, PLACE)
    await base.db.pool.query('delete from jobs')
    await base.db.pool.query('update queues set max_size = 2 where queue_id = $1', [queueId])
    const outcomes = await enqueueJobs(
      base.db,
      ['a', 'b', 'c'].map((object) => asked(object)),
    )
    expect(outcomes.map((outcome) => (outcome instanceof Fault ? outcome.code : outcome.object))).toEqual([
      'a',
      'b',
      'QueueSaturated',
    ])
  })
})
