import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  addShard,
  continueMove,
  indexTables,
  openDatabase,
  removeOldCopies,
  shardSessionSettings,
  startMove,
  withShards,
} from '@kinoprint/store'
import {
  freePort,
  initPostgres,
  MAX_CONNECTIONS,
  makePostgresFolder,
  runPostgres,
  type Server,
  stop,
} from '../../tests/servers.ts'
import type { OpenedDatabases } from './measure-searches.ts'

const migrationsDir = fileURLToPath(new URL('../../migrations', import.meta.url))
/** As fast as the servers can. */
const PER_SECOND = 10_000
/** Old copies stay for searches that began before the move. */
const OLD_COPIES_MS = 61_000

/** Moves the whole library to `count` new servers on this machine, and runs `work` with them. */
export async function onShards<T>(
  databaseUrl: string,
  count: number,
  work: (databases: OpenedDatabases) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-shards-'))
  const servers = new Map<string, Server>()
  try {
    makePostgresFolder(folder)
    for (let n = 1; n <= count; n++) {
      const home = makePostgresFolder(join(folder, String(n)))
      const settings = [MAX_CONNECTIONS]
      servers.set(
        `s${n}`,
        await runPostgres({ folder: home, data: initPostgres(home), port: await freePort(), settings }),
      )
    }
    const databases = await openSharded(databaseUrl, servers)
    await moveEverything(databases, [...servers.keys()])
    return await work(databases)
  } finally {
    for (const { process } of servers.values()) await stop(process, 'SIGINT')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function openSharded(
  databaseUrl: string,
  servers: ReadonlyMap<string, Server>,
): Promise<OpenedDatabases> {
  const urls = new Map([...servers].map(([name, { url }]) => [name, url]))
  const primary = await openDatabase({ databaseUrl, sessionSettings: shardSessionSettings(urls) })
  const shards = new Map<string, Awaited<ReturnType<typeof openDatabase>>>()
  for (const [name, url] of urls) shards.set(name, await openDatabase({ databaseUrl: url }))
  return { db: withShards(primary, { databases: shards, migrationsDir }), others: [...shards.values()] }
}

async function moveEverything({ db, others }: OpenedDatabases, names: readonly string[]): Promise<void> {
  for (const name of names) await addShard(db, name)
  await startMove(db, { to: names, perSecond: PER_SECOND })
  while (!(await continueMove(db)).isDone);
  await delay(OLD_COPIES_MS)
  while ((await removeOldCopies(db)).removed > 0);
  for (const { pool } of [db, ...others])
    await pool.query(`vacuum analyze ${[...indexTables, 'fingerprints'].join(', ')}`)
}
