import type { Database } from '../database.ts'
import { DELIVERY_COLUMNS, type DeliveryRow, toDelivery } from '../deliveries/deliveries.ts'
import type { Delivery } from '../deliveries/delivery.ts'

export type MatchCallbackEvent = 'MatchFound' | 'MatchDecided' | 'LibraryFull' | 'PassageHeld'

/** Where a library reports its matches, and that it fills up. */
export type MatchCallback = {
  readonly url: string
  readonly events: readonly MatchCallbackEvent[]
  /** The API key whose secret signs the callbacks; null: only CALLBACK_SECRETS does. */
  readonly secretId: string | null
}

/** Null if the library reports none. */
export async function getMatchCallback(db: Database, dnaDbId: string): Promise<MatchCallback | null> {
  const { rows } = await db.pool.query<MatchCallback>(
    `select url, events, secret_id as "secretId" from match_callbacks c
     join libraries l on l.number = c.library_number where l.dna_db_id = $1`,
    [dnaDbId],
  )
  return rows[0] ?? null
}

/** Callbacks that are already recorded keep their address. False if the library does not exist. */
export async function setMatchCallback(
  db: Database,
  dnaDbId: string,
  { url, events, secretId }: MatchCallback,
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `insert into match_callbacks (library_number, url, events, secret_id)
     select number, $2, $3, $4 from libraries where dna_db_id = $1
     on conflict (library_number) do update set url = excluded.url, events = excluded.events,
       secret_id = excluded.secret_id, updated_at = clock_timestamp()`,
    [dnaDbId, url, events, secretId],
  )
  return rowCount === 1
}

/** False if the library reports none. */
export async function deleteMatchCallback(db: Database, dnaDbId: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `delete from match_callbacks c using libraries l where l.number = c.library_number and l.dna_db_id = $1`,
    [dnaDbId],
  )
  return rowCount === 1
}

/** `matchId` is null if the callback is about the library. */
type MatchDelivery = Delivery & { readonly matchId: string | null }

/** The callbacks of library $1: their ids, and their matches. */
const OF_LIBRARY = `(select d.id, m.match_id from deliveries d join match_events e on e.event_id = d.match_event_id
      join matches m using (match_id) where m.dna_db_id = $1
    union all
    select d.id, null from deliveries d join library_events e on e.event_id = d.library_event_id
      join libraries l on l.number = e.library_number where l.dna_db_id = $1) as o`

export type MatchDeliveryQuery = {
  readonly dnaDbId: string
  /** Only those of this match. */
  readonly matchId?: string | undefined
  readonly page: number
  readonly pageSize: number
}

/** The callbacks about the matches of a library and about itself, newest first. */
export async function listMatchDeliveries(
  db: Database,
  { dnaDbId, matchId, page, pageSize }: MatchDeliveryQuery,
): Promise<{ readonly items: MatchDelivery[]; readonly total: number }> {
  const from = `from ${OF_LIBRARY} join deliveries d using (id) where $2::text is null or o.match_id = $2`
  const of = [dnaDbId, matchId ?? null]
  const { rows } = await db.pool.query<DeliveryRow & { matchId: string | null }>(
    `select ${DELIVERY_COLUMNS}, o.match_id as "matchId" ${from} order by d.id desc limit $3 offset $4`,
    [...of, pageSize, (page - 1) * pageSize],
  )
  const counted = await db.pool.query<{ total: number }>(`select count(*)::int as total ${from}`, of)
  const items = rows.map(({ matchId: ofMatch, ...row }) => ({ ...toDelivery(row), matchId: ofMatch }))
  return { items, total: counted.rows[0]?.total ?? 0 }
}

/** Whether a delivery is about the library or one of its matches. */
export async function isMatchDelivery(
  db: Database,
  { dnaDbId, deliveryId }: { readonly dnaDbId: string; readonly deliveryId: number },
): Promise<boolean> {
  const { rowCount } = await db.pool.query(`select from ${OF_LIBRARY} where o.id = $2`, [dnaDbId, deliveryId])
  return rowCount === 1
}

const BATCH = 500

/** Deletes ended callbacks about matches and libraries that are older than this, in small batches. Returns their number. */
export async function purgeMatchDeliveries(
  db: Database,
  { olderThanDays }: { readonly olderThanDays: number },
): Promise<number> {
  let purged = 0
  for (;;) {
    const { rowCount } = await db.pool.query(
      `delete from deliveries where id in (
         select id from deliveries where job_id is null and status <> 'Pending'
           and created_at < clock_timestamp() - $1 * interval '1 day' order by created_at limit $2)`,
      [olderThanDays, BATCH],
    )
    purged += rowCount ?? 0
    if ((rowCount ?? 0) < BATCH) break
  }
  await db.pool.query(
    `delete from library_events e where at < clock_timestamp() - $1 * interval '1 day'
       and not exists (select from deliveries d where d.library_event_id = e.event_id)`,
    [olderThanDays],
  )
  return purged
}
