import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Client, Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobIds, onPostgres, recordingLog, type TestBackend } from '../backends.fixture.ts'
import { consume } from '../consume.ts'
import { openQueue } from '../open-queue.ts'
import { migrateQueue } from './migrate-queue.ts'
import { queuePool } from './queue-pool.ts'

const WAIT = { timeout: 250_000, interval: 50 }

describe('the job queue in a database', () => {
  let backend: TestBackend
  let admin: Client
  const log = recordingLog()

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

  test('the job queue in a database is migrated once when several processes start at the same time', async () => {
    await Promise.all([1, 2, 3, 4].map(() => migrateQueue(pool())))
    const { rows } = await admin.query('select count(*)::int as n, max(version) as top from bullmq.migration')
    expect(rows[0].n).toBe(rows[0].top)
  })

  test('the job queue in a database recovers after the server has dropped every connection', async () => {
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
    expect(log.lines.filter(({ level }) => level === 'warn').length).toBeLessThan(20)
    await consumer.close({ timeoutMs: 2_000 })
    await queue.close()
  })

  test('the job queue in a database survives a connection that breaks in the middle of a statement', async () => {
    const address = new URL(backend.env.QUEUE_DATABASE_URL ?? '')
    const proxy = await startProxy({ host: address.hostname, port: Number(address.port) })
    address.host = `127.0.0.1:${proxy.port}`
    const throughProxy = new Pool({ connectionString: address.href })
    throughProxy.on('error', () => undefined)
    const bullPool = queuePool(throughProxy)
    const sleeping = bullPool.query('select pg_sleep(60)').then(() => 'slept', String)
    const asleep = "select count(*)::int as n from pg_stat_activity where query = 'select pg_sleep(60)'"
    await expect.poll(async () => (await admin.query(asleep)).rows[0].n, WAIT).toBe(1)
    proxy.cut()
    expect(await sleeping).toContain('Connection terminated')
    expect((await bullPool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await throughProxy.end()
    await proxy.close()
  })

  test('the job queue in a database changes no name that other statements resolve', async () => {
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

  test('the job queue in a database does not start when a foreign table hides one of its own', async () => {
    await admin.query('create table public.job (n int)')
    await expect(openQueue(backend.options, { log })).rejects.toThrow('job')
    await admin.query('drop table public.job')
  })

  test('a queue in a database that a newer version has migrated is refused with the remedy', async () => {
    await admin.query('update bullmq.migration set min_client_version = 99')
    await expect(openQueue(backend.options, { log })).rejects.toMatchObject({
      code: 'DatabaseTooNew',
      message: expect.stringContaining('Run that version'),
    })
    await admin.query('update bullmq.migration set min_client_version = 6')
  })
})

/** A proxy to the server whose connections a test can cut, as a failing network does. */
async function startProxy(server: { host: string; port: number }) {
  const sockets = new Set<Socket>()
  const listener = createServer((near) => {
    const far = connect(server)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    near.pipe(far).pipe(near)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut: () => {
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}
