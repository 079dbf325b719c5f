import type { Database } from '../database.ts'

/** The most matches that are read, the newest first. */
const MATCHES_MAX = 10_000

export type HeatRange = {
  readonly videoId: string
  /** Length of the video in seconds. */
  readonly durationSeconds: number
  /** Number of equal parts that the video is divided into; 1 or more. */
  readonly columns: number
}

export type Heat = {
  /** How many matches have a passage in each part. */
  readonly counts: readonly number[]
  /** How many matches were counted, at most 10,000. */
  readonly matches: number
}

type Row = { readonly matchId: string; readonly ranges: readonly { refStart: number; refEnd: number }[] }

/**
 * Counts the open and confirmed matches of a video over its length. Passages that are weak or ignored do not count.
 * A match with several passages in one part counts once there.
 */
export async function readHeat(
  db: Database,
  { videoId, durationSeconds, columns }: HeatRange,
): Promise<Heat> {
  const { rows } = await db.pool.query<Row>(
    `select m.match_id as "matchId", (
       select coalesce(jsonb_agg(jsonb_build_object('refStart', p."refStart", 'refEnd', p."refEnd")), '[]')
       from jsonb_to_recordset(mp.passages)
         as p ("refStart" float8, "refEnd" float8, weak boolean, ignored text)
       where p.weak is not true and p.ignored is null
     ) as ranges
     from matches m join match_passages mp using (match_id)
     where m.video_id = $1 and m.state in ('open', 'confirmed') and not m.ignored
     order by m.searched_at desc limit $2`,
    [videoId, MATCHES_MAX],
  )
  const counts = new Array<number>(columns).fill(0)
  for (const { ranges } of rows)
    for (const column of columnsOf(ranges, columns / durationSeconds, columns))
      counts[column] = (counts[column] ?? 0) + 1
  return { counts, matches: rows.length }
}

function columnsOf(ranges: Row['ranges'], perSecond: number, columns: number): Set<number> {
  const found = new Set<number>()
  for (const { refStart, refEnd } of ranges) {
    const first = Math.max(0, Math.floor(refStart * perSecond))
    const end = Math.min(columns, Math.ceil(refEnd * perSecond))
    for (let column = first; column < end; column++) found.add(column)
  }
  return found
}
