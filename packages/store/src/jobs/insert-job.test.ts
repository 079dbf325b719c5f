import { Fault } from '@kinoprint/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { defaultQueue } from '../queues.ts'
import { insertJobs, type NewJob } from './insert-job.ts'

const asked = (object: string, changes: Partial<NewJob> = {}): NewJob => ({
  ruleType: 'FindSimilarVideo',
  dnaDbId: 'Db1',
  bucket: 'films-125',
  region: 'local',
  object,
  ...changes,
})

describe.each(backends)('jobs that come together on $name', ({ open }) => {
  let base: TestDatabase
  beforeAll(async () => {
    base = await open()
  })
  afterAll(() => base.close())

  test('each has its own outcome: a job, the one that the same request made, or what is wrong with it', async () => {
    const repeated = asked('b', { requestHash: 'same', dedupeSeconds: 10 })
    const outcomes = await insertJobs(base.db, [
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
    expect(await insertJobs(base.db, [{ ...repeated }])).toMatchObject([{ jobId: ids[1] }])
  })

  test('as many are taken as the queue has room for', async () => {
    const { queueId } = await defaultQueue(base.db)
    await base.db.pool.query('delete from jobs')
    await base.db.pool.query('update queues set max_size = 2 where queue_id = $1', [queueId])
    const outcomes = await insertJobs(
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
