import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { newDatabase, startOnServers } from '../e2e/product.ts'
import { type CompatHarness, compatHarnessOver } from './compat-harness.ts'
import { expectGolden } from './golden.ts'
import { type LossyProxy, openLossyProxy } from './lossy-proxy.ts'
import { allAt, at, createSdk, everyClient, releases, textAt } from './sdk.ts'

/** The connection from the product to its database. */
let proxy: LossyProxy
let databaseUrl: string
let harness: CompatHarness
let library: string

beforeAll(async () => {
  databaseUrl = await newDatabase()
  proxy = await openLossyProxy(databaseUrl)
  const settings = { DATABASE_URL: databaseUrl.replace(new URL(databaseUrl).host, new URL(proxy.url).host) }
  harness = compatHarnessOver(await startOnServers({ workers: 2, settings }))
  library = await harness.library()
  await harness.put('film.mp4', { seed: 95, seconds: 6 })
})
afterAll(async () => {
  await harness.close()
  await proxy.close()
})

function jobOf(userData: string) {
  return jobXml({ rule: 'FindSimilarVideo', library, object: 'film.mp4', userData })
}

/** Queries the database directly, as an operator would. */
async function sql(statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('set search_path = kinoprint')
    return await client.query(statement)
  } finally {
    await client.end()
  }
}

describe('a queue', () => {
  test('runs at most MaxConcurrent jobs at once over all workers', {
    tags: ['concurrent'],
    timeout: 300_000,
  }, async () => {
    const own = await harness.raw({ method: 'GET', path: '/queue' })
    const queue = `/queues/${/<QueueId>(\w+)</.exec(own.text)?.[1]}`
    await harness.admin.adminJson('PATCH', queue, { maxConcurrent: 1 })
    const shown = await harness.raw({ method: 'GET', path: '/queue' })
    expect(shown.text).toContain('<MaxConcurrent>1</MaxConcurrent>')
    const jobs = await Promise.all(
      [0, 1, 2, 3, 4].map(async (n) => {
        const answer = await harness.raw({ method: 'POST', path: '/jobs', body: jobOf(`concurrent ${n}`) })
        return /<JobId>(\w+)</.exec(answer.text)?.[1] ?? ''
      }),
    )
    for (const jobId of jobs) expect((await harness.admin.ended(jobId)).State).toBe('Success')
    const times = await Promise.all(
      jobs.map((jobId) =>
        harness.admin.adminJson<{ startedAt: string; endedAt: string }>('GET', `/jobs/${jobId}`),
      ),
    )
    times.sort((a, b) => a.startedAt.localeCompare(b.startedAt))
    for (const [n, { startedAt }] of times.entries())
      if (n > 0) expect(startedAt >= (times[n - 1]?.endedAt ?? '')).toBe(true)
    await harness.admin.adminJson('PATCH', queue, { maxConcurrent: 10 })
  })

  test('returns QueueSaturated when 10,000 jobs wait, even while paused', {
    tags: ['saturated'],
  }, async () => {
    await harness.queue('Paused')
    await sql(
      `insert into jobs (job_id, state, rule_type, dna_db_id, bucket, region, object, queue_id)
       select 'jfull' || n || bucket, 'Pause', 'FindSimilarVideo', 'Db0', bucket, region, 'x', queue_id
       from queues, generate_series(2, 10000) n`,
    )
    const post = (userData: string) => harness.raw({ method: 'POST', path: '/jobs', body: jobOf(userData) })
    expect((await post('the last one that fits')).status).toBe(200)
    await harness.admin.submit({ rule: 'FindSimilarVideo', library, object: 'film.mp4' })
    const known = { resource: '/jobs' }
    expectGolden(await post('one too many'), 'error-QueueSaturated', { status: 403, known })
    for (const client of everyClient) {
      const sdk = createSdk({ ...client, address: harness.product.address })
      const error = await sdk.failure({ method: 'POST', key: 'jobs', body: jobOf('one too many') })
      expect([error.statusCode, error.code, sdk.sent()]).toEqual([403, 'QueueSaturated', 1])
    }
    await sql(`delete from jobs where state = 'Pause'`)
    expect((await post('the queue has space again')).status).toBe(200)
    await harness.queue('Active')
  })
})

describe('a list of jobs', () => {
  test.each(releases)(
    'with 101 jobs has a page of 100 and a page of 1, through SDK %s',
    { tags: ['pages-of-100'] },
    async (release) => {
      const object = `many-${release}`
      await sql(
        `insert into jobs (job_id, state, rule_type, dna_db_id, bucket, region, object, queue_id, ended_at)
       select '${object}' || n, 'Cancel', 'FindSimilarVideo', 'Db0', bucket, region, '${object}', queue_id, now()
       from (select * from queues limit 1) q, generate_series(1, 101) n`,
      )
      const sdk = createSdk({ release, way: 'Url', address: harness.product.address })
      const page = async (query: Record<string, string>) =>
        (await sdk.call({ method: 'GET', key: 'jobs', query: { inputObject: object, ...query } })).response
      const first = await page({ size: '100' })
      const rest = await page({ size: '100', nextToken: textAt(first, 'NextToken') })
      const ids = [first, rest].flatMap((one) => allAt(one, 'JobsDetail').map((job) => textAt(job, 'JobId')))
      expect([allAt(first, 'JobsDetail').length, new Set(ids).size, at(rest, 'NextToken')]).toEqual([
        100,
        101,
        '',
      ])
      expect(allAt(await page({}), 'JobsDetail')).toHaveLength(10)
    },
  )
})

describe('an unavailable database', () => {
  test('causes ServiceUnavailable, which SDKs retry, and is used again once it is back', {
    tags: ['away'],
  }, async () => {
    proxy.block(true)
    const ask = () => harness.raw({ method: 'GET', path: '/dnadb' })
    expectGolden(await ask(), 'error-ServiceUnavailable', { status: 503, known: { resource: '/dnadb' } })
    for (const release of releases) {
      const sdk = createSdk({ release, way: 'Ip', address: harness.product.address })
      const error = await sdk.failure({ method: 'GET', key: 'dnadb' })
      expect([error.statusCode, error.code, sdk.sent()]).toEqual([503, 'ServiceUnavailable', 4])
    }
    proxy.block(false)
    await expect.poll(async () => (await ask()).status, { timeout: 250_000 }).toBe(200)
  })
})

describe('a bug', () => {
  test('causes InternalError without internal details, which SDKs retry', {
    tags: ['bytes-bug'],
  }, async () => {
    await sql('alter table libraries rename to mislaid')
    try {
      const answer = await harness.raw({ method: 'GET', path: '/dnadb' })
      expectGolden(answer, 'error-InternalError', { status: 500, known: { resource: '/dnadb' } })
      expect(answer.text).not.toMatch(/libraries|relation|select/)
      for (const client of everyClient) {
        const sdk = createSdk({ ...client, address: harness.product.address })
        const error = await sdk.failure({ method: 'GET', key: 'dnadb' })
        expect([error.statusCode, error.code, sdk.sent()]).toEqual([500, 'InternalError', 4])
      }
    } finally {
      await sql('alter table mislaid rename to libraries')
    }
    expect((await harness.raw({ method: 'GET', path: '/dnadb' })).status).toBe(200)
  })
})
