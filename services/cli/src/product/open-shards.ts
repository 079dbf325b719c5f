import { createThrottledWarnings, Fault, type Log } from '@kinoprint/core'
import type { Settings } from '@kinoprint/runtime'
import { type Database, listShardNames, openDatabase, withShards } from '@kinoprint/store'
import { migrationsDir } from '../installed-files.ts'

/** A shard that does not answer by then counts as away. */
const SHARD_CONNECT_MS = 2_000

/** Opens the shards of SHARD_URLS. One that cannot be reached is left out until it can. */
export async function openShards(
  primary: Database,
  { shardUrls, shardAway }: Pick<Settings, 'shardUrls' | 'shardAway'>,
  { log }: { log: Log },
): Promise<Database> {
  const warnings = createThrottledWarnings(log)
  const onError = (error: Error): void => warnings.warn(error, 'A connection to a shard broke')
  const databases = new Map<string, Database>()
  for (const [name, databaseUrl] of shardUrls)
    databases.set(name, await openDatabase({ databaseUrl, onError, connectTimeoutMs: SHARD_CONNECT_MS }))
  return withShards(primary, { databases, migrationsDir, whenAway: shardAway })
}

/** Throws Fault InvalidSettings if the database has shards that SHARD_URLS does not name. */
export async function checkShardsNamed(db: Database): Promise<void> {
  const unnamed = (await listShardNames(db)).filter((name) => !db.shards?.byName.has(name))
  if (unnamed.length > 0)
    throw new Fault(
      'InvalidSettings',
      `The database has shards that SHARD_URLS does not name: ${unnamed.join(', ')}. Add their URLs.`,
    )
}
