import type { Database } from '../database.ts'
import { onShardIfPresent } from './shards.ts'

/** Where the content of a fingerprint is; a null shard is the primary. */
export type Home = { readonly fingerprintId: string; readonly shard: string | null }

/**
 * Runs a statement about the fingerprints that are on shards, each shard with the ids of its own as `$1`, all at once. Rows
 * of a shard that is away are absent if `db` tolerates that.
 *
 * @throws ShardUnavailable otherwise.
 */
export async function readFromShards<Row extends object>(
  db: Database,
  homes: readonly Home[],
  sql: string,
): Promise<Row[]> {
  const names = new Set(homes.flatMap(({ shard }) => (shard === null ? [] : [shard])))
  const reads = [...names].map((name) => {
    const ids = homes.filter(({ shard }) => shard === name).map(({ fingerprintId }) => fingerprintId)
    return onShardIfPresent(db, name, ({ pool }) => pool.query<Row>(sql, [ids]))
  })
  return (await Promise.all(reads)).flatMap((answer) => answer?.rows ?? [])
}

/** Returns the packed data of the fingerprints that are on shards, by id. See `readFromShards`. */
export async function loadFromShards(
  db: Database,
  homes: readonly Home[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const sql = 'select id, data from fingerprints where id = any($1)'
  const rows = await readFromShards<{ id: string; data: Buffer }>(db, homes, sql)
  return new Map(rows.map(({ id, data }) => [id, data]))
}
