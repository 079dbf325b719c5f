import { Client, Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobIds, listeningLog, onPostgres, type TestBackend } from './backends.fixture.ts'
import { consume } from './consume.ts'
import { migrateQueue } from './migrate-queue.ts'
import { openQueue } from './open-queue.ts'

const WAIT = { timeout: 20_000, interval: 50 }

describe('the job queue in a database', () => {
  let backend: TestBackend
  let admin: Client
  const log = listeningLog()

  beforeAll(async () => {
    backend = await onPostgres()
    admin = new Client({ connectionString: backend.env.QUEUE_DATABASE_URL })
    await admin.connect()
  })
  afterAll(async () => {
    await admin.end()
    await backend.close()
  })

  const pool = () => {
    if (!('pool' in backend.options)) throw new Error('Not the PostgreSQL backend.')
    return backend.options.pool
  }

  test('is migrated once however many processes start at the same time', async () => {
    await Promise.all([1, 2, 3, 4].map(() => migrateQueue(pool())))
    const { rows } = await admin.query('select count(*)::int as n, max(version) as top from bullmq.migration')
    expect(rows[0].n).toBe(rows[0].top)
  })

  test('goes on by itself after the server has dropped every connection', async () => {
    const queue = await openQueue(backend.options, { log })
    const taken: string[] = []
    const consumer = await consume(backend.options, {
      concurrency: 2,
      log,
      handler: async (jobId) => {
        taken.push(jobId)
        return { kind: 'done' }
      },
    })
    const [before = '', after = ''] = jobIds(2)
    await queue.enqueue(before, 0)
    await expect.poll(() => taken, WAIT).toEqual([before])
    await admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    await expect.poll(() => queue.enqueue(after, 0).then(() => 'added', String), WAIT).toBe('added')
    await expect.poll(() => taken, WAIT).toEqual([before, after])
    expect(log.said.filter(({ level }) => level === 'warn').length).toBeLessThan(20)
    await consumer.close({ timeoutMs: 2_000 })
    await queue.close()
  })

  test('leaves the statements of the rest of the product alone', async () => {
    await admin.query('create table films (n int); create schema ours; create table ours.films (n int)')
    const search = new URL(backend.env.QUEUE_DATABASE_URL ?? '')
    search.searchParams.set('options', '-c search_path=ours')
    const theirs = new Pool({ connectionString: search.href, max: 1 })
    const queue = await openQueue({ pool: theirs, postgres: true }, { log })
    await queue.counts()
    const { rows } = await theirs.query(`
      select 'films'::regclass::oid = 'ours.films'::regclass::oid as kept, current_setting('search_path') as path`)
    expect(rows).toEqual([{ kept: true, path: 'ours, bullmq' }])
    await queue.close()
    await theirs.end()
  })

  test('refuses to start where a table of another would be taken for one of its own', async () => {
    await admin.query('create table public.job (n int)')
    await expect(openQueue(backend.options, { log })).rejects.toThrow('job')
    await admin.query('drop table public.job')
  })

  test('refuses a queue that a newer version has made, and says what to do', async () => {
    await admin.query('update bullmq.migration set min_client_version = 99')
    await expect(openQueue(backend.options, { log })).rejects.toMatchObject({
      code: 'DatabaseTooNew',
      message: expect.stringContaining('Run that version'),
    })
    await admin.query('update bullmq.migration set min_client_version = 6')
  })
})
