import type { Database } from '../database.ts'

/** A match after something happened to it. */
export type MatchMark = {
  readonly eventId: number
  readonly matchId: string
  readonly dnaDbId: string
  readonly state: 'open' | 'confirmed' | 'dismissed' | 'near'
}

const MARKS_MAX = 1_000
/** A transaction may commit after one with a higher number, so that many earlier numbers are read again. */
const OVERLAP = 500
const COUNTED_MAX = 10_000

/**
 * Returns the newest events of matches after this number, and some before it, at most 1,000. Null stands for a first
 * read, which returns the newest 500.
 */
export async function readMatchMarks(
  db: Database,
  afterEvent: number | null,
): Promise<{ readonly marks: readonly MatchMark[]; readonly lastEvent: number }> {
  const { rows } = await db.pool.query<MatchMark>(
    `select e.event_id::float8 as "eventId", m.match_id as "matchId", m.dna_db_id as "dnaDbId", m.state
     from match_events e join matches m using (match_id) where e.event_id > $1 order by e.event_id desc limit $2`,
    [afterEvent === null ? 0 : afterEvent - OVERLAP, afterEvent === null ? OVERLAP : MARKS_MAX],
  )
  return { marks: rows, lastEvent: Math.max(afterEvent ?? 0, rows[0]?.eventId ?? 0) }
}

/** Counts the matches without a decision, up to 10,000. */
export async function countUndecidedMatches(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ open: number }>(
    `select count(*)::int as open from (
       select from matches where state = 'open' and not ignored limit ${COUNTED_MAX}
     ) counted`,
  )
  return rows[0]?.open ?? 0
}
