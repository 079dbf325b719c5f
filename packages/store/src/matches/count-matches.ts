import type { Database } from '../database.ts'

/** Matches in which a video is the reference. Near misses count only once they are confirmed or dismissed. */
export type MatchCounts = { readonly open: number; readonly all: number }

/** Counts the matches of stored videos, in the order of the ids. */
export async function countVideoMatches(
  db: Database,
  videoIds: readonly string[],
): Promise<readonly MatchCounts[]> {
  const { rows } = await db.pool.query<MatchCounts & { readonly videoId: string }>(
    `select video_id as "videoId", count(*) filter (where state = 'open' and not ignored)::int as open,
       count(*)::int as all
     from matches where video_id = any($1) and state <> 'near' group by video_id`,
    [videoIds],
  )
  const counts = new Map(rows.map(({ videoId, open, all }) => [videoId, { open, all }]))
  return videoIds.map((videoId) => counts.get(videoId) ?? { open: 0, all: 0 })
}

/** Counts the open matches of libraries, in the order of the ids. */
export async function countOpenMatches(
  db: Database,
  dnaDbIds: readonly string[],
): Promise<readonly number[]> {
  const { rows } = await db.pool.query<{ readonly dnaDbId: string; readonly open: number }>(
    `select dna_db_id as "dnaDbId", count(*)::int as open
     from matches where dna_db_id = any($1) and state = 'open' and not ignored group by dna_db_id`,
    [dnaDbIds],
  )
  const counts = new Map(rows.map(({ dnaDbId, open }) => [dnaDbId, open]))
  return dnaDbIds.map((dnaDbId) => counts.get(dnaDbId) ?? 0)
}
