import { errorText } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { askNothing } from './ask-shards.ts'
import { sweepShard } from './removals.ts'
import { onShard, pingShard } from './shards.ts'

export type ShardReport = {
  readonly name: string
  /** Fingerprints that belong there by the primary. */
  readonly fingerprints: number
  /** Those of them that the shard lacks. Store their videos again. */
  readonly missing: number
  /** Fingerprints of the shard that do not belong there. They are removed after an hour. */
  readonly orphans: number
  /** Why the shard cannot be used; null if it can. The counts are then 0. */
  readonly problem: string | null
}

const PAGE_SIZE = 5_000

/** Compares what a shard holds with what belongs there by the primary, and tries both ways to reach it. */
export async function checkShard(db: Database, name: string): Promise<ShardReport> {
  try {
    await pingShard(db, name)
    await askNothing(db, name)
    const counts = await countMissing(db, name)
    const orphans = await sweepShard(db, name, { remove: false })
    return { name, ...counts, orphans, problem: null }
  } catch (error) {
    return { name, fingerprints: 0, missing: 0, orphans: 0, problem: errorText(error) }
  }
}

async function countMissing(
  db: Database,
  name: string,
): Promise<Pick<ShardReport, 'fingerprints' | 'missing'>> {
  let fingerprints = 0
  let missing = 0
  let lastId = '0'
  for (;;) {
    const { rows } = await db.pool.query<{ id: string }>(
      `select f.id from fingerprints f join videos v on v.fingerprint_id = f.id
       where f.shard = $1 and f.id > $2 order by f.id limit ${PAGE_SIZE}`,
      [name, lastId],
    )
    const end = rows.at(-1)
    if (end === undefined) return { fingerprints, missing }
    lastId = end.id
    const found = await onShard(db, name, ({ pool }) =>
      pool.query('select from fingerprints where id = any($1)', [rows.map(({ id }) => id)]),
    )
    fingerprints += rows.length
    missing += rows.length - (found.rowCount ?? 0)
  }
}
