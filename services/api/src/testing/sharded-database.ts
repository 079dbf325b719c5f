import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { type Database, migrate, openDatabase, shardSessionSettings, withShards } from '@kinoprint/store'

const migrationsDir = fileURLToPath(new URL('../../../../migrations', import.meta.url))

/** A database on the test server whose SHARD_URLS would name one empty shard, which is not yet added. */
export async function openShardable(shard: string): Promise<Database> {
  const server = await openDatabase({ databaseUrl: testServer() })
  const names = ['primary', 'shard'].map((part) => `api_${part}_${randomBytes(6).toString('hex')}`)
  for (const name of names) await server.pool.query(`create database ${name}`)
  const [primaryUrl = '', shardUrl = ''] = names.map(urlOf)
  const sessionSettings = shardSessionSettings(new Map([[shard, shardUrl]]))
  const primary = await openDatabase({ databaseUrl: primaryUrl, sessionSettings })
  await migrate(primary, { dir: migrationsDir })
  const databases = new Map([[shard, await openDatabase({ databaseUrl: shardUrl })]])
  const db = withShards(primary, { databases, migrationsDir })
  return {
    ...db,
    close: async () => {
      await db.close()
      for (const name of names) await server.pool.query(`drop database ${name} with (force)`)
      await server.close()
    },
  }
}

function testServer(): string {
  const url = process.env.TEST_DATABASE_URL
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set: run npm test')
  return url
}

function urlOf(database: string): string {
  const url = new URL(testServer())
  url.pathname = `/${database}`
  return url.href
}
