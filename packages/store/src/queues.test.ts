import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backends, type TestDatabase } from './databases.fixture.ts'
import { completeJob } from './jobs/end-job.ts'
import { maintain } from './maintain.ts'
import { defaultQueue, ensureDefaultQueue, getQueue, listQueues, updateQueue } from './queues.ts'
import { claim, newJob, newLibrary, storeVideo } from './samples.fixture.ts'
import { stats } from './stats.ts'

describe.each(backends)('queues and figures on $name', ({ open }) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.close())

  it('there is one default queue, however many processes make it', async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => ensureDefaultQueue(test.db)))
    expect(new Set(made.map(({ queueId }) => queueId)).size).toBe(1)
    expect(made[0]).toMatchObject({
      state: 'Active',
      maxSize: 10_000,
      maxConcurrent: 10,
      notify: { state: 'Off' },
    })
    expect(await getQueue(test.db, made[0]?.queueId ?? '')).toEqual(made[0])
  })

  it('lists by id and state', async () => {
    const queue = await defaultQueue(test.db)
    expect(await listQueues(test.db)).toEqual({ items: [queue], total: 1, page: 1, pageSize: 20 })
    expect((await listQueues(test.db, { ids: ['p0'] })).total).toBe(0)
    expect((await listQueues(test.db, { state: 'Paused' })).total).toBe(0)
  })

  it('an update of the callback leaves out nothing that it does not name', async () => {
    const { queueId, notify } = await defaultQueue(test.db)
    const changed = await updateQueue(test.db, queueId, {
      name: 'films',
      notify: { url: 'http://h/', state: 'On' },
    })
    expect(changed).toMatchObject({ name: 'films', notify: { ...notify, url: 'http://h/', state: 'On' } })
    expect(await updateQueue(test.db, 'p0', { name: 'x' })).toBeNull()
  })

  it('the figures count what is stored and what was processed', async () => {
    const before = await stats(test.db)
    const { dnaDbId } = await newLibrary(test.db)
    await storeVideo(test.db, dnaDbId)
    const { jobId } = await newJob(test.db, dnaDbId, { ruleType: 'FindSimilarVideo', secretId: 'AKID9' })
    await completeJob(test.db, await claim(test.db, jobId), {
      videoId: 'dv1',
      durationSeconds: 90,
      detections: [],
    })
    const after = await stats(test.db)
    expect(after.libraries - before.libraries).toBe(1)
    expect(after.videos - before.videos).toBe(1)
    expect(after.frames - before.frames).toBe(42)
    expect(after.hours - before.hours).toBeCloseTo(10.5 / 3600, 9)
    expect(after.jobs.Success - before.jobs.Success).toBe(1)
    expect(after.bytes).toBeGreaterThan(1_000_000)
    expect(after.minutesProcessed).toContainEqual({
      secretId: 'AKID9',
      dnaDbId,
      ruleType: 'FindSimilarVideo',
      minutes: 1.5,
      jobs: 1,
    })
  })

  it('maintenance clears dead rows where no autovacuum does, while others work', async () => {
    const { jobId } = await newJob(test.db, 'Db1')
    for (let round = 0; round < 3; round++) {
      await test.db.pool.query(
        `insert into usage (secret_id, dna_db_id, rule_type) select 'dead', 'Db1', n::text from generate_series(1, 600) n`,
      )
      await test.db.pool.query(`delete from usage where secret_id = 'dead'`)
    }
    const before = await deadRows()
    await Promise.all([maintain(test.db), newJob(test.db, 'Db1'), claim(test.db, jobId), maintain(test.db)])
    if (test.db.embedded) {
      expect(before).toBeGreaterThanOrEqual(1_800)
      expect(await deadRows()).toBe(0)
    }
  })

  const deadRows = async (): Promise<number> => {
    await test.db.pool.query('select pg_stat_force_next_flush()')
    const { rows } = await test.db.pool.query<{ dead: number }>(
      `select n_dead_tup::int as dead from pg_stat_user_tables where relname = 'usage'`,
    )
    return rows[0]?.dead ?? -1
  }
})
