import type { Database } from '../database.ts'
import { libraryNumberOf } from '../libraries.ts'
import { createIndexPartitions } from '../search-index/partitions.ts'
import { transaction } from '../transaction.ts'
import { type Placement, readPlacements, slotOf } from './placement.ts'
import { onShard, pingShard, ShardUnavailable } from './shards.ts'

/** Ids that are drawn until one belongs on a shard that can be reached. A shard of 5 % is hit with 99.4 %. */
const MAX_DRAWS = 100

/** The id of a new fingerprint, and the shard that it belongs on; null for the primary. */
type NewHome = { readonly fingerprintId: number; readonly shard: string | null }

/**
 * Gives a new fingerprint its id and the shard of that id, which is then ready for the library. If the shard is away, it
 * takes another id, or with SHARD_AWAY=wait gives up at once.
 *
 * @throws ShardUnavailable if no shard of the library can be reached.
 */
export async function chooseHome(db: Database, libraryNumber: number): Promise<NewHome> {
  const placement = (await readPlacements(db.pool))(libraryNumber)
  const away = new Map<string, ShardUnavailable>()
  for (let draws = 1; ; draws++) {
    const fingerprintId = await nextId(db)
    const shard = placement[slotOf(fingerprintId)] ?? null
    if (shard === null) return { fingerprintId, shard }
    try {
      if (!away.has(shard)) {
        await prepareLibrary(db, { shard, libraryNumber })
        return { fingerprintId, shard }
      }
    } catch (error) {
      if (!(error instanceof ShardUnavailable)) throw error
      away.set(shard, error)
    }
    const failure = away.get(shard)
    if (failure !== undefined && (!mayGoElsewhere(db, placement, away) || draws === MAX_DRAWS)) throw failure
  }
}

/**
 * Checks that a new fingerprint of a library can be stored now, before work on it begins.
 *
 * @throws ShardUnavailable if none of its shards can be reached or, with SHARD_AWAY=wait, any of them cannot.
 */
export async function checkHome(db: Database, dnaDbId: string): Promise<void> {
  const placement = (await readPlacements(db.pool))(await libraryNumberOf(db.pool, dnaDbId))
  const away = new Map<string, ShardUnavailable>()
  for (const shard of new Set(placement)) {
    if (shard === null) continue
    await pingShard(db, shard).catch((error: unknown) => {
      if (!(error instanceof ShardUnavailable)) throw error
      away.set(shard, error)
    })
  }
  const [failure] = away.values()
  if (failure !== undefined && !mayGoElsewhere(db, placement, away)) throw failure
}

function mayGoElsewhere(
  { shards }: Database,
  placement: Placement,
  away: ReadonlyMap<string, unknown>,
): boolean {
  return shards?.whenAway === 'elsewhere' && placement.some((shard) => shard === null || !away.has(shard))
}

async function nextId({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `select nextval(pg_get_serial_sequence('fingerprints', 'id')) as id`,
  )
  return Number(rows[0]?.id)
}

export type ShardLibrary = { readonly shard: string; readonly libraryNumber: number }

/** Creates what a shard needs to hold rows of a library, if it is missing. */
export async function prepareLibrary(db: Database, { shard, libraryNumber }: ShardLibrary): Promise<void> {
  const { rows } = await db.pool.query<{ library: string }>(
    'select to_jsonb(l)::text as library from libraries l where number = $1',
    [libraryNumber],
  )
  await onShard(db, shard, async (server) => {
    const known = await server.pool.query('select from libraries where number = $1', [libraryNumber])
    if (known.rowCount !== 0 || rows[0] === undefined) return
    const { library } = rows[0]
    await transaction(server, async (client) => {
      const { rowCount } = await client.query(
        `insert into libraries overriding system value
         select * from jsonb_populate_record(null::libraries, $1) on conflict do nothing`,
        [library],
      )
      // Another process may have created it in the meantime.
      if (rowCount === 1) await createIndexPartitions(client, libraryNumber)
    })
  })
}
