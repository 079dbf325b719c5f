import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backends, type TestDatabase } from './databases.fixture.ts'
import { completeJob } from './jobs/finish-job.ts'
import { vacuumEmbedded } from './maintenance/vacuum.ts'
import { ensureQueue, getQueue, listQueues, updateQueue } from './queues.ts'
import { claim, newJob, newLibrary, storeVideo } from './samples.fixture.ts'
import { readStats } from './stats.ts'

const BUCKET = { bucket: 'films-125', region: 'local' }

describe.each(backends)('queues, stats and vacuum on $name', ({ open }) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.close())

  it('concurrent first uses of a bucket create one queue', async () => {
    const created = await Promise.all(Array.from({ length: 4 }, () => ensureQueue(test.db, BUCKET)))
    expect(new Set(created.map(({ queueId }) => queueId)).size).toBe(1)
    expect(created[0]).toMatchObject({
      ...BUCKET,
      state: 'Active',
      maxSize: 10_000,
      maxConcurrent: 10,
      notify: { state: 'Off' },
    })
    expect(await getQueue(test.db, created[0]?.queueId ?? '')).toEqual(created[0])
  })

  it('each region of a bucket has its own queue, up to 64 regions', async () => {
    const { queueId } = await ensureQueue(test.db, BUCKET)
    const crowded = (region: number) => ensureQueue(test.db, { bucket: 'crowded-125', region: `r${region}` })
    const ids = new Set<string>()
    for (let region = 0; region < 64; region++) ids.add((await crowded(region)).queueId)
    expect(ids.size).toBe(64)
    await expect(crowded(64)).rejects.toMatchObject({ code: 'InvalidArgument' })
    const job = { bucket: 'crowded-125', region: 'r64' }
    await expect(newJob(test.db, 'Db1', job)).rejects.toMatchObject({ code: 'InvalidArgument' })
    expect(await newJob(test.db, 'Db1', { ...job, region: 'r63' })).toMatchObject({ region: 'r63' })
    expect((await ensureQueue(test.db, BUCKET)).queueId).toBe(queueId)
    await test.db.pool.query(`delete from jobs where bucket = 'crowded-125'`)
    await test.db.pool.query(`delete from queues where bucket = 'crowded-125'`)
  })

  it('queues are listed by id, state, bucket and region', async () => {
    const queue = await ensureQueue(test.db, BUCKET)
    expect(await listQueues(test.db)).toEqual({ items: [queue], total: 1, page: 1, pageSize: 20 })
    expect((await listQueues(test.db, { ids: ['p0'] })).total).toBe(0)
    expect((await listQueues(test.db, { state: 'Paused' })).total).toBe(0)
    const scope = { buckets: [BUCKET.bucket], regions: [BUCKET.region] }
    expect((await listQueues(test.db, scope)).total).toBe(1)
    expect((await listQueues(test.db, { ...scope, regions: ['other'] })).total).toBe(0)
    expect((await listQueues(test.db, { ...scope, buckets: ['other-125'] })).total).toBe(0)
  })

  it('an update keeps the callback settings it does not contain, and changes no queue outside its scope', async () => {
    const { queueId, notify } = await ensureQueue(test.db, BUCKET)
    const changed = await updateQueue(test.db, queueId, {
      name: 'films',
      notify: { url: 'http://h/', state: 'On' },
    })
    expect(changed).toMatchObject({ name: 'films', notify: { ...notify, url: 'http://h/', state: 'On' } })
    expect(await updateQueue(test.db, 'p0', { name: 'x' })).toBeNull()
    const { jobId } = await newJob(test.db, 'Db1')
    for (const scope of [{ buckets: ['other-125'] }, { regions: ['other'] }])
      expect(await updateQueue(test.db, queueId, { state: 'Paused', scope })).toBeNull()
    const { rows } = await test.db.pool.query('select state from jobs where job_id = $1', [jobId])
    expect(rows).toEqual([{ state: 'Submitted' }])
    expect(await getQueue(test.db, queueId)).toMatchObject({ state: 'Active', name: 'films' })
  })

  it('stats count stored videos and processed minutes', async () => {
    const before = await readStats(test.db)
    const { dnaDbId } = await newLibrary(test.db)
    await storeVideo(test.db, dnaDbId)
    const { jobId } = await newJob(test.db, dnaDbId, { ruleType: 'FindSimilarVideo', secretId: 'AKID9' })
    await completeJob(test.db, await claim(test.db, jobId), {
      videoId: 'dv1',
      durationSeconds: 90,
      detections: [],
    })
    const after = await readStats(test.db)
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

  it('vacuumEmbedded removes dead rows of the embedded database while jobs are written', async () => {
    const { jobId } = await newJob(test.db, 'Db1')
    for (let round = 0; round < 3; round++) {
      await test.db.pool.query(
        `insert into usage (secret_id, dna_db_id, rule_type) select 'dead', 'Db1', n::text from generate_series(1, 600) n`,
      )
      await test.db.pool.query(`delete from usage where secret_id = 'dead'`)
    }
    const before = await deadRows()
    const [, , fence] = await Promise.all([
      vacuumEmbedded(test.db),
      newJob(test.db, 'Db1'),
      claim(test.db, jobId),
      vacuumEmbedded(test.db),
    ])
    expect(fence.jobId).toBe(jobId)
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
