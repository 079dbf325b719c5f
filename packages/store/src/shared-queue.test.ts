import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from './database.ts'
import { migrationsDir, serverDatabase, temporaryFolder } from './databases.fixture.ts'
import { getJobs } from './jobs/read-jobs.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'
import { ensureDefaultQueue, ensureQueue, listQueues } from './queues.ts'
import { claim, newJob } from './samples.fixture.ts'

const OLD = { url: 'http://h/', state: 'On', type: 'Url', event: 'TaskFinish', resultFormat: 'XML' }
const DEFAULT = { bucket: 'kinoprint-1250000000', region: 'local' }

describe('a database in which all buckets shared one queue', () => {
  let db: Database
  let server: { url: string; drop: () => Promise<void> }
  let folder: string
  beforeEach(async () => {
    server = await serverDatabase()
    folder = temporaryFolder()
    for (const name of readdirSync(migrationsDir))
      if (name < '0007') cpSync(join(migrationsDir, name), join(folder, name))
    db = await openDatabase({ databaseUrl: server.url })
    await migrate(db, { dir: folder })
    await db.pool.query(
      `insert into queues (queue_id, name, state, max_concurrent, notify, is_default)
       values ('pshared', 'old', 'Paused', 3, $1, true)`,
      [JSON.stringify({ mqMode: '', mqRegion: '', mqName: '', ...OLD })],
    )
  })
  afterEach(async () => {
    await db.close()
    await server.drop()
    rmSync(folder, { recursive: true })
  })

  const addJob = (jobId: string, { bucket = 'films-125', region = 'local', state = 'Pause' } = {}) =>
    db.pool.query(
      `insert into jobs (job_id, state, rule_type, dna_db_id, bucket, region, object, queue_id)
       values ($1, $4, 'FindSimilarVideo', 'Db1', $2, $3, 'a.mp4', 'pshared')`,
      [jobId, bucket, region, state],
    )
  const addKey = (buckets: readonly string[] | null) =>
    db.pool.query(`insert into api_keys (secret_id, name, secret, buckets) values ('AKID', 'k', '', $1)`, [
      buckets,
    ])

  it('gives each bucket a queue with its own jobs, and the largest one the queue that there was', async () => {
    for (const id of ['j1', 'j2', 'j3']) await addJob(id)
    await addJob('j4', { bucket: 'other-125' })
    await addJob('j5', { bucket: 'other-125', region: 'far', state: 'Success' })
    await addKey(null)
    await migrate(db, { dir: migrationsDir })
    const { items } = await listQueues(db)
    const [films, ...others] = items
    expect(films).toMatchObject({ queueId: 'pshared', bucket: 'films-125', region: 'local' })
    expect(others.map(({ bucket, region }) => [bucket, region]).sort()).toEqual([
      ['other-125', 'far'],
      ['other-125', 'local'],
    ])
    for (const queue of items) expect(queue).toMatchObject({ state: 'Paused', maxConcurrent: 3, notify: OLD })
    const queueOf = new Map(items.map(({ bucket, region, queueId }) => [`${bucket} ${region}`, queueId]))
    for (const job of await getJobs(db, ['j1', 'j2', 'j3', 'j4', 'j5']))
      expect(job.queueId).toBe(queueOf.get(`${job.bucket} ${job.region}`))
    expect(await newJob(db, 'Db1')).toMatchObject({ queueId: 'pshared', state: 'Pause' })
    const { queueId } = await ensureDefaultQueue(db, DEFAULT)
    const fresh = await newJob(db, 'Db1', DEFAULT)
    expect(fresh).toMatchObject({ queueId, state: 'Submitted' })
    await claim(db, fresh.jobId)
  })

  it('keeps no callback of the shared queue where buckets belong to different tenants', async () => {
    await addJob('j1')
    await addJob('j2', { bucket: 'other-125' })
    await addKey(['other-125'])
    await migrate(db, { dir: migrationsDir })
    for (const { notify } of (await listQueues(db)).items)
      expect(notify).toMatchObject({ state: 'Off', url: '' })
  })

  it('keeps the callback where one bucket alone has used it, whatever keys there are', async () => {
    await addJob('j1')
    await addKey(['films-125'])
    await migrate(db, { dir: migrationsDir })
    expect(await ensureQueue(db, { bucket: 'films-125', region: 'local' })).toMatchObject({
      queueId: 'pshared',
      notify: OLD,
    })
  })

  it('that no job has used gives it to the default bucket at the next start', async () => {
    await migrate(db, { dir: migrationsDir })
    expect(await ensureDefaultQueue(db, DEFAULT)).toMatchObject({
      ...DEFAULT,
      queueId: 'pshared',
      notify: OLD,
    })
    expect((await ensureDefaultQueue(db, DEFAULT)).queueId).toBe('pshared')
    expect((await listQueues(db)).total).toBe(1)
  })
})
