import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from './database.ts'
import {
  backends,
  migrationsDir,
  serverDatabase,
  type TestDatabase,
  temporaryFolder,
} from './databases.fixture.ts'
import { dueDeliveries } from './deliveries/deliveries.ts'
import { failJob } from './jobs/finish-job.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'
import { claim, hashes, newJob, newLibrary, storeVideo } from './samples.fixture.ts'
import { findCandidates } from './search-index/find-candidates.ts'

describe('migrate', () => {
  let server: { url: string; drop: () => Promise<void> }
  let folder: string
  const opened: Database[] = []
  const open = (): Promise<Database> =>
    openDatabase({ databaseUrl: server.url }).then((db) => {
      opened.push(db)
      return db
    })
  beforeAll(async () => {
    server = await serverDatabase()
    folder = temporaryFolder()
    cpSync(migrationsDir, folder, { recursive: true })
  })
  afterAll(async () => {
    await Promise.all(opened.map((db) => db.close()))
    await server.drop()
    rmSync(folder, { recursive: true })
  })

  test('of several concurrent processes one migrates, and all see the result', async () => {
    const databases = [await open(), await open(), await open(), await open()]
    const outcomes = await Promise.all(databases.map((db) => migrate(db, { dir: folder })))
    const newest = outcomes[0]?.to ?? 0
    expect(newest).toBeGreaterThanOrEqual(1)
    expect(outcomes.filter(({ from }) => from === 0)).toHaveLength(1)
    expect(new Set(outcomes.map(({ to }) => to))).toEqual(new Set([newest]))
    expect(await migrate(await open(), { dir: folder })).toEqual({ from: newest, to: newest })
  })

  test('a new database from the template, which has no id, gets one of its own', async () => {
    const db = await open()
    const ids = async () => (await db.pool.query<{ id: string }>('select id from installation')).rows
    await migrate(db, { dir: folder })
    const before = await ids()
    await db.pool.query('delete from installation')
    await migrate(db, { dir: folder })
    const [after, ...more] = await ids()
    expect([before.length, more]).toEqual([1, []])
    expect(after?.id).not.toBe(before[0]?.id)
  })

  test('a failed migration leaves the previous version intact', { tags: ['migrations'] }, async () => {
    const db = await open()
    const { to } = await migrate(db, { dir: folder })
    const broken = join(folder, `${String(to + 1).padStart(4, '0')}-broken.sql`)
    writeFileSync(broken, 'create table half_done (id int); select nonsense;')
    await expect(migrate(db, { dir: folder })).rejects.toThrow(/nonsense/)
    const { rows } = await db.pool.query<{ half: string | null }>(`select to_regclass('half_done') as half`)
    expect(rows[0]?.half).toBeNull()
    rmSync(broken)
    expect(await migrate(db, { dir: folder })).toEqual({ from: to, to })
  })

  test('a database of a newer program is refused with the remedy', {
    tags: ['migrations'],
  }, async () => {
    const db = await open()
    const { to } = await migrate(db, { dir: folder })
    await db.pool.query(`insert into schema_version (version, name) values ($1, 'from the future')`, [to + 1])
    await expect(migrate(db, { dir: folder })).rejects.toMatchObject({
      code: 'DatabaseTooNew',
      message: expect.stringContaining('Run the newer program again'),
    })
    await db.pool.query('delete from schema_version where version = $1', [to + 1])
  })

  test('a gap in the numbers of the files is an error', async () => {
    const gap = join(folder, '0999-gap.sql')
    writeFileSync(gap, 'select 1')
    await expect(migrate(await open(), { dir: folder })).rejects.toThrow('0999-gap.sql')
    rmSync(gap)
  })
})

/** Undoes the changes since the last development version. The bodies of its functions do not matter. */
const DEVELOPMENT_SCHEMA = `
alter table deliveries rename column attempt_log to tries;
alter table deliveries rename column retrying_since to since;
alter table queues rename column waiting_at_most to waiting_most;
alter table frame_index rename column bucket_key to cell;
alter table audio_index rename column bucket_key to cell;
alter index frame_index_buckets rename to frame_index_cells;
alter index audio_index_buckets rename to audio_index_cells;
drop function enqueue_jobs;
drop function ensure_queue;
create function put_into_queue(text, text, text, int, json) returns void language sql as '';
create function queue_of(text, text) returns text language sql as 'select null';
delete from schema_version;`
const INITIAL_SCHEMA = '0001-initial-schema.sql'
const DEVELOPMENT_NAMES = [
  'begin',
  'delivery-tries',
  'nearest-lists',
  'cells',
  'submissions',
  'fair-deliveries',
]
const LATER_NAMES = ['queues-of-buckets', 'jobs-to-restore', 'job-lists', 'turns', 'video-lists']

describe.each(backends)('a database of a development version on $name', ({ open }) => {
  let database: TestDatabase
  let dir: string
  beforeEach(async () => {
    database = await open()
    // Only the initial schema: the database already has what later migrations add.
    dir = temporaryFolder()
    cpSync(join(migrationsDir, INITIAL_SCHEMA), join(dir, INITIAL_SCHEMA))
  })
  afterEach(async () => {
    await database.close()
    rmSync(dir, { recursive: true })
  })

  const makeOld = async (names: readonly string[]): Promise<void> => {
    await database.db.pool.query(DEVELOPMENT_SCHEMA)
    for (const [i, name] of names.entries()) {
      const file = `${String(i + 1).padStart(4, '0')}-${name}.sql`
      await database.db.pool.query('insert into schema_version (version, name) values ($1, $2)', [
        i + 1,
        file,
      ])
    }
  }

  test('keeps its libraries, videos and jobs if all eleven migrations were applied', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const video = hashes(3)
    const { videoId } = await storeVideo(database.db, dnaDbId, { video })
    const { jobId, queueId } = await newJob(database.db, dnaDbId)
    await makeOld([...DEVELOPMENT_NAMES, ...LATER_NAMES])
    expect(await migrate(database.db, { dir })).toEqual({ from: 1, to: 1 })
    const hits = await findCandidates(database.db, {
      dnaDbId,
      video,
      audio: [],
      perHash: 1,
      minIndexedRows: 1,
    })
    expect(new Set(hits.map((hit) => hit.videoId))).toEqual(new Set([videoId]))
    expect(await newJob(database.db, dnaDbId)).toMatchObject({ queueId })
    await failJob(database.db, await claim(database.db, jobId), { code: 'InternalError', message: 'x' })
    expect(await dueDeliveries(database.db, { limit: 1, leaseMs: 1_000 })).toEqual([])
    expect(await migrate(database.db, { dir })).toEqual({ from: 1, to: 1 })
  })

  test('is refused with the remedy if only some of the eleven migrations were applied', async () => {
    await makeOld(DEVELOPMENT_NAMES)
    const refused = { code: 'InvalidSettings', message: expect.stringContaining('Use an empty database') }
    await expect(migrate(database.db, { dir })).rejects.toMatchObject(refused)
    await database.db.pool.query('delete from schema_version where version > 1')
    await expect(migrate(database.db, { dir })).rejects.toMatchObject(refused)
  })
})
