import { silentNotify } from '@kinoprint/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from './databases.fixture.ts'
import { completeJob } from './jobs/finish-job.ts'
import { vacuumEmbedded } from './maintenance/vacuum.ts'
import { ensureQueue, getQueue, listQueues, updateQueue } from './queues.ts'
import { claim, newJob, newLibrary, storeVideo } from './samples.fixture.ts'
import { readStats } from './stats/stats.ts'

const BUCKET = { bucket: 'films-125', region: 'local' }

describe.each(backends)('queues, stats and vacuum on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('concurrent first uses of a bucket create one queue', async () => {
    const created = await Promise.all(Array.from({ length: 4 }, () => ensureQueue(database.db, BUCKET)))
    expect(new Set(created.map(({ queueId }) => queueId)).size).toBe(1)
    expect(created[0]).toMatchObject({
      ...BUCKET,
      state: 'Active',
      maxSize: 10_000,
      maxConcurrent: 10,
      notify: { ...silentNotify, event: 'TaskFinish,WorkflowFinish' },
    })
    expect(await getQueue(database.db, created[0]?.queueId ?? '')).toEqual(created[0])
  })

  test('each region of a bucket has its own queue, up to 64 regions', async () => {
    const { queueId } = await ensureQueue(database.db, BUCKET)
    const crowded = (region: number) =>
      ensureQueue(database.db, { bucket: 'crowded-125', region: `r${region}` })
    const ids = new Set<string>()
    for (let region = 0; region < 64; region++) ids.add((await crowded(region)).queueId)
    expect(ids.size).toBe(64)
    await expect(crowded(64)).rejects.toMatchObject({ code: 'InvalidArgument' })
    const job = { bucket: 'crowded-125', region: 'r64' }
    await expect(newJob(database.db, 'Db1', job)).rejects.toMatchObject({ code: 'InvalidArgument' })
    expect(await newJob(database.db, 'Db1', { ...job, region: 'r63' })).toMatchObject({ region: 'r63' })
    expect((await ensureQueue(database.db, BUCKET)).queueId).toBe(queueId)
    await database.db.pool.query(`delete from jobs where bucket = 'crowded-125'`)
    await database.db.pool.query(`delete from queues where bucket = 'crowded-125'`)
  })

  test('queues are listed by id, state, bucket and region', async () => {
    const queue = await ensureQueue(database.db, BUCKET)
    expect(await listQueues(database.db)).toEqual({ items: [queue], total: 1, page: 1, pageSize: 20 })
    expect((await listQueues(database.db, { ids: ['p0'] })).total).toBe(0)
    expect((await listQueues(database.db, { state: 'Paused' })).total).toBe(0)
    const scope = { buckets: [BUCKET.bucket], regions: [BUCKET.region] }
    expect((await listQueues(database.db, scope)).total).toBe(1)
    expect((await listQueues(database.db, { ...scope, regions: ['other'] })).total).toBe(0)
    expect((await listQueues(database.db, { ...scope, buckets: ['other-125'] })).total).toBe(0)
  })

  test('an update keeps the callback settings it does not contain, and changes no queue outside its scope', async () => {
    const { queueId, notify } = await ensureQueue(database.db, BUCKET)
    const changed = await updateQueue(database.db, queueId, {
      name: 'films',
      notify: { url: 'http://h/', state: 'On' },
    })
    expect(changed).toMatchObject({ name: 'films', notify: { ...notify, url: 'http://h/', state: 'On' } })
    expect(await updateQueue(database.db, 'p0', { name: 'x' })).toBeNull()
    const { jobId } = await newJob(database.db, 'Db1')
    for (const scope of [{ buckets: ['other-125'] }, { regions: ['other'] }])
      expect(await updateQueue(database.db, queueId, { state: 'Paused', scope })).toBeNull()
    const { rows } = await database.db.pool.query('select state from jobs where job_id = $1', [jobId])
    expect(rows).toEqual([{ state: 'Submitted' }])
    expect(await getQueue(database.db, queueId)).toMatchObject({ state: 'Active', name: 'films' })
  })

  test('stats count stored videos and processed minutes', async () => {
    const before = await readStats(database.db)
    const { dnaDbId } = await newLibrary(database.db)
    await storeVideo(database.db, dnaDbId)
    const { jobId } = await newJob(database.db, dnaDbId, { ruleType: 'FindSimilarVideo', secretId: 'AKID9' })
    await completeJob(database.db, await claim(database.db, jobId), {
      videoId: 'dv1',
      durationSeconds: 90,
      detections: [],
    })
    const after = await readStats(database.db)
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

  test('vacuumEmbedded removes dead rows of the embedded database while jobs are written', async () => {
    const { jobId } = await newJob(database.db, 'Db1')
    for (let round = 0; round < 3; round++) {
      await database.db.pool.query(
        `insert into usage (secret_id, dna_db_id, rule_type) select 'dead', 'Db1', n::text from generate_series(1, 600) n`,
      )
      await database.db.pool.query(`delete from usage where secret_id = 'dead'`)
    }
    const before = await deadRows()
    const [, , fence] = await Promise.all([
      vacuumEmbedded(database.db),
      newJob(database.db, 'Db1'),
      claim(database.db, jobId),
      vacuumEmbedded(database.db),
    ])
    expect(fence.jobId).toBe(jobId)
    if (database.db.embedded) {
      expect(before).toBeGreaterThanOrEqual(1_800)
      expect(await deadRows()).toBe(0)
    }
  })

  const deadRows = async (): Promise<number> => {
    await database.db.pool.query('select pg_stat_force_next_flush()')
    const { rows } = await database.db.pool.query<{ dead: number }>(
      `select n_dead_tup::int as dead from pg_stat_user_tables where relname = 'usage'`,
    )
    return rows[0]?.dead ?? -1
  }
})
