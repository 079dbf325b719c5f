import { newHeldId } from '@kinoprint/core'
import type { Database, Queryable } from '../database.ts'
import { applyToMatches } from '../ignored-passages/apply-to-matches.ts'
import { deepest, spansOf } from '../matches/common-stretch.ts'
import type { Passage } from '../matches/passage.ts'
import { transaction } from '../transaction.ts'

export type FloodLimits = {
  /** Number of different query contents that must match the same seconds of a reference; 0 switches the guard off. */
  readonly matches: number
  /** Length of the window in which they must be found, in seconds. */
  readonly windowSeconds: number
}

/** A passage that was just held back. */
export type NewHeldPassage = {
  readonly heldId: string
  readonly dnaDbId: string
  readonly videoId: string
  readonly object: string
  /** Decimal seconds of the video. */
  readonly start: number
  readonly end: number
  /** Query contents that matched it in the window. */
  readonly matches: number
}

/** A reference, as a content of a library. */
type Reference = { readonly dnaDbId: string; readonly etag: string }

/**
 * Matches that are evidence of a flood: pairs that a search reported within the window and since the last release, other
 * than confirmed and ignored ones. A pair is one match however often it is searched. $1 is the window in seconds.
 */
const EVIDENCE = `m.state in ('open', 'dismissed') and m.verdict <> 'near' and not m.ignored
  and m.found_at > clock_timestamp() - $1 * interval '1 second'
  and not exists (
    select from flood_releases r join libraries l on l.number = r.library_number
    where l.dna_db_id = m.dna_db_id and r.etag = m.reference_etag and (r.exempt or r.released_at >= m.found_at))`

/** Matches of a reference that are read per match of the limit, newest first. */
const READ_PER_LIMIT = 4
const LEAST_READ = 1_000
/** A shorter stretch is chance. */
const LEAST_SECONDS = 1

/**
 * Holds back the passages that flood their library, of the references that a job has matched. Call it after the job has
 * ended. Concurrent calls hold each passage once: the row of the library orders them.
 */
export async function guardAgainstFlood(
  db: Database,
  jobId: string,
  limits: FloodLimits,
): Promise<NewHeldPassage[]> {
  if (limits.matches === 0) return []
  const held: NewHeldPassage[] = []
  for (const reference of await crowdedReferences(db, jobId, limits)) {
    if ((await floodOf(db.pool, reference, limits)) === null) continue
    const passage = await transaction(db, (client) => holdBack(client, reference, limits))
    if (passage !== null) held.push(passage)
  }
  return held
}

/** The references of a job's matches that have as many matches as the limit, in any of its seconds. */
async function crowdedReferences(
  db: Database,
  jobId: string,
  { matches, windowSeconds }: FloodLimits,
): Promise<Reference[]> {
  const { rows } = await db.pool.query<Reference>(
    `select f.dna_db_id as "dnaDbId", f.reference_etag as etag
     from match_jobs j join matches f using (match_id) join libraries l on l.dna_db_id = f.dna_db_id
     where j.job_id = $2 and l.flood_guard and (
       select count(*) from (
         select from matches m where m.dna_db_id = f.dna_db_id and m.reference_etag = f.reference_etag and ${EVIDENCE}
         limit $3
       ) evidence) >= $3`,
    [windowSeconds, jobId, matches],
  )
  return rows
}

type Flood = { readonly start: number; readonly end: number; readonly matches: number }

/** The stretch of a reference where the most matches overlap, if they reach the limit; otherwise null. */
async function floodOf(
  client: Queryable,
  { dnaDbId, etag }: Reference,
  { matches, windowSeconds }: FloodLimits,
): Promise<Flood | null> {
  const { rows } = await client.query<{ passages: readonly Passage[] }>(
    `select p.passages from matches m join match_passages p using (match_id)
     where m.dna_db_id = $2 and m.reference_etag = $3 and ${EVIDENCE} order by m.found_at desc limit $4`,
    [windowSeconds, dnaDbId, etag, Math.max(LEAST_READ, READ_PER_LIMIT * matches)],
  )
  const { from, to, depth } = deepest(rows.flatMap(spansOf))
  if (depth < matches || to - from < LEAST_SECONDS) return null
  return { start: from, end: to, matches: depth }
}

/** Holds the passage back and reports it, in the caller's transaction. Null if another call has done so. */
async function holdBack(
  client: Queryable,
  reference: Reference,
  limits: FloodLimits,
): Promise<NewHeldPassage | null> {
  const { dnaDbId, etag } = reference
  // Searches that end hold this row too, so all of their matches are counted.
  await client.query('select from libraries where dna_db_id = $1 for update', [dnaDbId])
  const flood = await floodOf(client, reference, limits)
  if (flood === null) return null
  const { start, end, matches } = flood
  const { rows } = await client.query<NewHeldPassage>(
    `insert into ignored_passages (ignored_id, library_number, video_id, bucket, object, etag, start_seconds,
       end_seconds, everywhere, is_draft, state, held, held_matches)
     select $1, v.library_number, v.video_id, v.bucket, v.object, v.etag, $4, $5, false, false, 'Active', true, $6
     from videos v join libraries l on l.number = v.library_number
     where l.dna_db_id = $2 and v.etag = $3 order by v.created_at limit 1
     on conflict do nothing
     returning ignored_id as "heldId", $2::text as "dnaDbId", video_id as "videoId", object, start_seconds as start,
       end_seconds as "end", held_matches as matches`,
    [newHeldId(), dnaDbId, etag, start, end, matches],
  )
  const [passage] = rows
  // The reference has been deleted.
  if (passage === undefined) return null
  await client.query(
    `insert into ignored_ranges (ignored_id, library_number, etag, start_seconds, end_seconds, score, is_own)
     select ignored_id, library_number, etag, start_seconds, end_seconds, 1, true
     from ignored_passages where ignored_id = $1`,
    [passage.heldId],
  )
  await applyToMatches(client, { ignoredId: passage.heldId, by: null, kind: 'held' })
  await reportHeld(client, passage, limits)
  return passage
}

/** Writes the callback of the library, if it wants one. */
async function reportHeld(
  client: Queryable,
  { dnaDbId, heldId, ...rest }: NewHeldPassage,
  { windowSeconds }: FloodLimits,
): Promise<void> {
  await client.query(
    `with event as (
       insert into library_events (library_number, held)
       select l.number, $2::jsonb from libraries l join match_callbacks c on c.library_number = l.number
       where l.dna_db_id = $1 and 'PassageHeld' = any (c.events) returning event_id, library_number)
     insert into deliveries (library_event_id, type, format, url, host, next_at, tenant)
     select e.event_id, 'Url', 'JSON', c.url, coalesce(substring(c.url from '^[a-z]+://([^/?#]+)'), ''),
       clock_timestamp(), $1 || ' matches'
     from event e join match_callbacks c using (library_number)`,
    [dnaDbId, JSON.stringify({ heldId, ...rest, windowSeconds })],
  )
}
