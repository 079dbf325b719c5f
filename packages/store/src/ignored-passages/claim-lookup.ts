import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import { applyToMatches } from './apply-to-matches.ts'
import type { IgnoredPlacement } from './ignored-passage.ts'

/** A stretch that a worker looks up in its library. */
export type IgnoredLookup = {
  readonly ignoredId: string
  readonly dnaDbId: string
  readonly videoId: string
  readonly etag: string
  readonly start: number
  readonly end: number
}

/** A lookup that fails this often is given up. The passage then applies to its own video only. */
const MAX_LOOKUPS = 3

/** Claims the lookup that has waited longest. Null if none waits. */
export async function claimIgnoredLookup(
  db: Database,
  { leaseMs }: { readonly leaseMs: number },
): Promise<IgnoredLookup | null> {
  const { rows } = await db.pool.query<IgnoredLookup>(
    `update ignored_passages i set lease_until = clock_timestamp() + $1 * interval '1 millisecond',
       attempts = attempts + 1
     from libraries l where l.number = i.library_number and i.ignored_id = (
       select ignored_id from ignored_passages
       where state = 'Searching' and (lease_until is null or lease_until <= clock_timestamp())
       order by created_at limit 1 for update skip locked
     ) returning i.ignored_id as "ignoredId", l.dna_db_id as "dnaDbId", i.video_id as "videoId", i.etag,
       i.start_seconds as start, i.end_seconds as "end"`,
    [leaseMs],
  )
  return rows[0] ?? null
}

export type FoundStretch = {
  readonly ignoredId: string
  /** The fingerprint of the stretch. */
  readonly fingerprint: Uint8Array
  readonly placements: readonly Omit<IgnoredPlacement, 'object'>[]
}

/** Ends a lookup: saves where the stretch is, and applies that to the matches. */
export function endIgnoredLookup(
  db: Database,
  { ignoredId, fingerprint, placements }: FoundStretch,
): Promise<void> {
  return transaction(db, async (client) => {
    await client.query(
      `insert into ignored_ranges (ignored_id, library_number, etag, start_seconds, end_seconds, score, is_own)
       select i.ignored_id, i.library_number, v.etag, p.start, p."end", p.score, false
       from ignored_passages i
         cross join jsonb_to_recordset($2) as p ("videoId" text, start float8, "end" float8, score float8)
         join videos v on v.video_id = p."videoId" and v.library_number = i.library_number
       where i.ignored_id = $1
         and not (v.etag = i.etag and p.start < i.end_seconds and p."end" > i.start_seconds)
       on conflict do nothing`,
      [ignoredId, JSON.stringify(placements)],
    )
    const { rows } = await client.query<{ isDraft: boolean }>(
      `update ignored_passages set state = 'Active', fingerprint = $2, lease_until = null
       where ignored_id = $1 returning is_draft as "isDraft"`,
      [ignoredId, Buffer.from(fingerprint)],
    )
    if (rows[0]?.isDraft === false) await applyToMatches(client, { ignoredId, by: null, kind: 'ignored' })
  })
}

/** Gives up a lookup that cannot succeed, or that has failed three times. Otherwise it is tried again. */
export async function failIgnoredLookup(
  db: Database,
  { ignoredId, final }: { readonly ignoredId: string; readonly final: boolean },
): Promise<void> {
  await db.pool.query(
    `update ignored_passages set lease_until = case when $2 or attempts >= ${MAX_LOOKUPS} then null else lease_until end,
       state = case when $2 or attempts >= ${MAX_LOOKUPS} then 'Failed' else state end
     where ignored_id = $1 and state = 'Searching'`,
    [ignoredId, final],
  )
}

/** Returns a claimed lookup at shutdown. */
export async function releaseIgnoredLookup(db: Database, ignoredId: string): Promise<void> {
  await db.pool.query(
    `update ignored_passages set lease_until = null, attempts = greatest(0, attempts - 1)
     where ignored_id = $1 and state = 'Searching'`,
    [ignoredId],
  )
}

/** Deletes drafts that no dry run has used in the last hour. */
export async function deleteOldDrafts(db: Database): Promise<void> {
  await db.pool.query(
    `delete from ignored_passages where is_draft and created_at < clock_timestamp() - interval '1 hour'`,
  )
}

export type IgnoredStretch = { readonly ignoredId: string; readonly data: Uint8Array }

/** Stretches that a new video is aligned with. */
const MAX_STRETCHES = 200

/** The fingerprints of the stretches that a library ignores everywhere, newest first, at most 200. */
export async function loadIgnoredStretches(db: Database, dnaDbId: string): Promise<IgnoredStretch[]> {
  const { rows } = await db.pool.query<IgnoredStretch>(
    `select i.ignored_id as "ignoredId", i.fingerprint as data
     from ignored_passages i join libraries l on l.number = i.library_number
     where l.dna_db_id = $1 and i.everywhere and not i.is_draft and i.fingerprint is not null
     order by i.created_at desc limit ${MAX_STRETCHES}`,
    [dnaDbId],
  )
  return rows
}

export type NewIgnoredRange = {
  readonly ignoredId: string
  readonly start: number
  readonly end: number
  readonly score: number
}

/** Saves which stretches a content shows, before it is published as a video. */
export async function saveIgnoredRanges(
  db: Database,
  { etag, ranges }: { readonly etag: string; readonly ranges: readonly NewIgnoredRange[] },
): Promise<void> {
  if (ranges.length === 0) return
  await db.pool.query(
    `insert into ignored_ranges (ignored_id, library_number, etag, start_seconds, end_seconds, score, is_own)
     select i.ignored_id, i.library_number, $1, r.start, r."end", r.score, false
     from jsonb_to_recordset($2) as r ("ignoredId" text, start float8, "end" float8, score float8)
       join ignored_passages i on i.ignored_id = r."ignoredId"
     where not (i.etag = $1 and r.start < i.end_seconds and r."end" > i.start_seconds)
     on conflict do nothing`,
    [etag, JSON.stringify(ranges)],
  )
}
