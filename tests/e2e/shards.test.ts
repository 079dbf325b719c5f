import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
import {
  freePort,
  initPostgres,
  makePostgresFolder,
  queryServer,
  runPostgres,
  type Server,
  stop,
} from '../servers.ts'
import { type Client, createClient, detections } from './client.ts'
import { newDatabase, newFolder, type Product, startEmbedded } from './product.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-shards-'))
const films = [1, 2, 3, 4]
let own: Server
let home: string
let product: Product
let client: Client
let library: string

beforeAll(async () => {
  chmodSync(folder, 0o755)
  for (const n of [...films, 5]) await renderFootage(film(n), { seed: 80 + n, seconds: 4 })
  home = makePostgresFolder(join(folder, 'shard'))
  initPostgres(home)
  own = await startShard(await freePort())
  product = await startEmbedded(newFolder(), {
    DATABASE_URL: await newDatabase(),
    SHARD_URLS: `s1=${await newDatabase()} s2=${await newDatabase()} s3=${own.url}`,
  })
  client = createClient(product.address)
  library = await client.createLibrary({ detectOnStore: false })
  for (const n of films) {
    await client.upload(`${n}.mp4`, film(n))
    await client.upload(`query-${n}.mp4`, film(n))
  }
  await client.upload('5.mp4', film(5))
})
afterAll(async () => {
  await product.close()
  await stop(own.process, 'SIGINT')
  rmSync(folder, { recursive: true, force: true })
})

function film(n: number): string {
  return join(folder, `${n}.mp4`)
}

function startShard(port: number): Promise<Server> {
  return runPostgres({ folder: home, data: join(home, 'postgres'), port, settings: ['fsync=off'] })
}

type ShardMap = {
  readonly shards: readonly {
    readonly name: string
    readonly fingerprints: number
    readonly problem: string | null
  }[]
  readonly move: { readonly endedAt: string | null; readonly moved: number } | null
}
type Result = { readonly result: { readonly partial: boolean; readonly missingShards: readonly string[] } }

function shardMap(): Promise<ShardMap> {
  return client.adminJson<ShardMap>('GET', '/shards')
}

/** Which films a search with each of them finds, and whether it says that part of the library was left out. */
async function search(): Promise<{ found: number[]; partial: boolean }> {
  const found: number[] = []
  let partial = false
  for (const n of films) {
    const job = await client.run({ rule: 'FindSimilarVideo', library, object: `query-${n}.mp4` })
    expect(job.State).toBe('Success')
    if (detections(job).length > 0) found.push(n)
    const { result } = await client.adminJson<Result>('GET', `/jobs/${job.JobId}`)
    expect(result.missingShards).toEqual(result.partial ? ['s3'] : [])
    expect(job.Warning?.includes('s3') ?? false).toBe(result.partial)
    partial ||= result.partial
  }
  return { found, partial }
}

test('videos move to shards that were added, and searches find them there', async () => {
  for (const n of films) {
    const job = await client.run({ rule: 'GetFingerPrint', library, object: `${n}.mp4` })
    expect(job.State).toBe('Success')
  }
  for (const name of ['s1', 's2', 's3']) await client.adminJson('POST', '/shards', { name })
  expect(await search()).toEqual({ found: films, partial: false })
  await client.adminJson('POST', '/shards/move', { to: ['s1', 's2', 's3'], perSecond: 1000 })
  await expect.poll(async () => (await shardMap()).move?.endedAt ?? null).not.toBeNull()
  const { shards, move } = await shardMap()
  expect(move?.moved).toBe(films.length)
  for (const { name, fingerprints } of shards) expect(fingerprints, name).toBeGreaterThan(0)
  expect(await search()).toEqual({ found: films, partial: false })
  const { items } = await client.adminJson<{ items: object[] }>('POST', '/shards/check')
  expect(items).toMatchObject([1, 2, 3].map(() => ({ missing: 0, orphans: 0, problem: null })))
  await queryServer(
    own,
    `insert into kinoprint.frame_index (library_number, fingerprint_id, time_ms, hash)
     select library_number, 1000000, 0, hash from kinoprint.frame_index limit 1`,
  )
  const faults = async (task: string) => {
    const { result } = await client.adminJson<{ result: { faults: object[] } }>(
      'POST',
      `/maintenance/${task}`,
    )
    return result.faults
  }
  const message = '1 index row on shard s3 belongs to no fingerprint.'
  expect(await faults('repair')).toEqual([{ message, repaired: true }])
  expect(await faults('check')).toEqual([])
})

test('without a shard that was killed, searches find the rest and say so, and new videos go elsewhere or wait', async () => {
  const port = Number(new URL(own.url).port)
  const alone = await client.createLibrary({ detectOnStore: false })
  await client.adminJson('POST', '/shards/move', { to: ['s3'], dnaDbId: alone })
  await stop(own.process, 'SIGKILL')
  const waiting = await client.submit({ rule: 'GetFingerPrint', library: alone, object: '5.mp4' })
  const { found, partial } = await search()
  expect(partial).toBe(true)
  expect(found.length).toBeGreaterThan(0)
  expect(found.length).toBeLessThan(films.length)
  expect((await client.run({ rule: 'GetFingerPrint', library, object: '5.mp4' })).State).toBe('Success')
  const ready = await (await fetch(`${product.address.url}/readyz`)).text()
  expect(ready).toContain('Searches and jobs do without the shard s3')
  const metrics = await (await fetch(`${product.address.url}/metrics`)).text()
  expect(metrics).toContain('kinoprint_shard_up{shard="s3"} 0')
  expect(metrics).toContain('kinoprint_shard_up{shard="s1"} 1')
  expect(metrics).toMatch(/kinoprint_shard_index_rows\{shard="s1"\} \d/)
  expect(metrics).toMatch(/kinoprint_jobs_partial_total\{rule="FindSimilarVideo"\} [1-9]/)
  expect(['Submitted', 'Running']).toContain((await client.job(waiting)).State)
  own = await startShard(port)
  await expect.poll(async () => (await shardMap()).shards.every(({ problem }) => problem === null)).toBe(true)
  expect(await search()).toEqual({ found: films, partial: false })
  expect((await client.ended(waiting)).State).toBe('Success')
  expect(await client.adminJson('GET', `/jobs/${waiting}`)).toMatchObject({ attempts: 1 })
})
