import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
import {
  copyAsReplica,
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

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-replicas-'))
type Replica = { readonly home: string; readonly port: number; server: Server }
let primary: Server
let replicas: Replica[]
let product: Product
let client: Client
let library: string

beforeAll(async () => {
  chmodSync(folder, 0o755)
  for (const n of [1, 2, 3, 4]) await renderFootage(film(n), { seed: 60 + n, seconds: 6 })
  const home = makePostgresFolder(join(folder, 'primary'))
  const port = await freePort()
  primary = await runPostgres({
    folder: home,
    data: initPostgres(home),
    port,
    settings: ['wal_level=replica'],
  })
  replicas = [await addReplica('one', port), await addReplica('two', port)]
  const readUrls = [...replicas.map(({ server }) => server.url), await newDatabase()]
  product = await startEmbedded(newFolder(), {
    DATABASE_URL: primary.url,
    DATABASE_READ_URLS: readUrls.join(' '),
  })
  client = createClient(product.address)
  library = await client.createLibrary({ detectOnStore: false })
})
afterAll(async () => {
  await product.close()
  for (const { server } of [...replicas, { server: primary }]) await stop(server.process, 'SIGINT')
  rmSync(folder, { recursive: true, force: true })
})

function film(n: number): string {
  return join(folder, `${n}.mp4`)
}

/** A streaming replica of the server at a port. */
async function addReplica(name: string, primaryPort: number): Promise<Replica> {
  const home = makePostgresFolder(join(folder, name))
  copyAsReplica(home, primaryPort)
  const port = await freePort()
  return { home, port, server: await startReplica({ home, port }) }
}

function startReplica({ home, port }: Pick<Replica, 'home' | 'port'>): Promise<Server> {
  return runPostgres({ folder: home, data: join(home, 'postgres'), port, settings: [] })
}

/** How often a server has read stored fingerprints. */
async function readsOf(replica: Pick<Replica, 'server'>): Promise<number> {
  const row = await queryServer<{ reads: number }>(
    replica.server,
    `select (coalesce(sum(idx_scan), 0) + coalesce(sum(seq_scan), 0))::float8 as reads
     from pg_stat_user_tables where relname = 'fingerprints'`,
  )
  return row?.reads ?? 0
}

async function storeAndFind(n: number): Promise<void> {
  await client.upload(`${n}.mp4`, film(n))
  await client.upload(`query-${n}.mp4`, film(n))
  expect(await client.run({ rule: 'GetFingerPrint', library, object: `${n}.mp4` })).toMatchObject({
    State: 'Success',
  })
  const found = await client.run({ rule: 'FindSimilarVideo', library, object: `query-${n}.mp4` })
  expect(detections(found)).toHaveLength(1)
}

/** What /readyz warns of, by the port of the replica. */
async function warnedOf(): Promise<Map<string, string>> {
  const answer = await fetch(`${product.address.url}/readyz`)
  expect(answer.status).toBe(200)
  const { warnings } = (await answer.json()) as { warnings: { part: string; message: string }[] }
  return new Map(
    warnings.flatMap(({ part, message }) =>
      part === 'replica' ? [[/:(\d+): /.exec(message)?.[1] ?? '', message] as const] : [],
    ),
  )
}

test('searches read replicas in turn, and find a video as soon as its job has ended', async () => {
  const before = await Promise.all(replicas.map(readsOf))
  await storeAndFind(1)
  // The second search goes to the other replica.
  await client.upload('again.mp4', film(1))
  expect(
    detections(await client.run({ rule: 'FindSimilarVideo', library, object: 'again.mp4' })),
  ).toHaveLength(1)
  for (const [n, replica] of replicas.entries())
    await expect.poll(() => readsOf(replica)).toBeGreaterThan(before[n] ?? 0)
})

test('a server that is no replica is never read, and a warning says so', async () => {
  const warned = [...(await warnedOf()).values()].join('\n')
  expect(warned).toContain('It is not a replica: it takes writes itself.')
})

test('while replicas lag, searches read the primary and find what was just stored', async () => {
  for (const replica of replicas) await queryServer(replica.server, 'select pg_wal_replay_pause()')
  await storeAndFind(2)
  const warned = await warnedOf()
  for (const { port } of replicas) expect(warned.get(String(port))).toContain('behind the primary')
  for (const replica of replicas) await queryServer(replica.server, 'select pg_wal_replay_resume()')
})

test('a replica that was killed is left out, and used again once it is back', async () => {
  const [killed, other] = replicas as [Replica, Replica]
  await stop(killed.server.process, 'SIGKILL')
  await storeAndFind(3)
  await client.upload('other.mp4', film(3))
  await client.run({ rule: 'FindSimilarVideo', library, object: 'other.mp4' })
  const warned = await warnedOf()
  expect(warned.has(String(killed.port))).toBe(true)
  expect(warned.has(String(other.port))).toBe(false)
  killed.server = await startReplica(killed)
  const before = await readsOf(killed)
  // It is tried again when its 15 s are over.
  await expect
    .poll(async () => {
      await client.run({ rule: 'FindSimilarVideo', library, object: 'other.mp4' })
      return (await readsOf(killed)) > before
    })
    .toBe(true)
  expect((await warnedOf()).has(String(killed.port))).toBe(false)
})
