import type { Database } from '../database.ts'
import { createBind, type MatchQuery, orderOf } from './list-matches.ts'
import { MATCH_COLUMNS, MATCH_JOINS, type Match, type MatchRow, toMatch } from './match.ts'
import { matchCondition } from './match-filter.ts'

/** Returns the matches with these ids, in no particular order. Unknown ids are absent. */
export async function getMatches(db: Database, matchIds: readonly string[]): Promise<Match[]> {
  const { rows } = await db.pool.query<MatchRow>(
    `select ${MATCH_COLUMNS} from matches m ${MATCH_JOINS} where m.match_id = any($1)`,
    [matchIds],
  )
  return rows.map(toMatch)
}

export type Neighbours = {
  /** From 1; null if the match is not in the list. */
  readonly position: number | null
  readonly total: number
  readonly previous: string | null
  readonly next: string | null
}

/** Where a match is in a list, and the matches before and after it. */
export async function findNeighbours(
  db: Database,
  matchId: string,
  query: Omit<MatchQuery, 'group'>,
): Promise<Neighbours> {
  const { values, bind } = createBind()
  const where = matchCondition(query, bind)
  const { rows } = await db.pool.query<Neighbours>(
    `select position::int, total::int, previous, next from (
       select m.match_id, row_number() over list as position, count(*) over () as total,
         lag(m.match_id) over list as previous, lead(m.match_id) over list as next
       from matches m where ${where} window list as (order by ${orderOf(query)})
     ) listed where match_id = ${bind(matchId)}`,
    values,
  )
  return rows[0] ?? { position: null, total: 0, previous: null, next: null }
}

const OBJECTS_MAX = 20

/** Other objects with the content of the query, as jobs met them that are not purged yet; at most 20. */
export async function sameQueryObjects(
  db: Database,
  { matchId, query }: Pick<Match, 'matchId' | 'query'>,
): Promise<{ readonly bucket: string; readonly object: string }[]> {
  const { rows } = await db.pool.query<{ bucket: string; object: string }>(
    `select j.bucket, j.object from match_jobs m join jobs j on j.job_id = m.job_id
     where m.match_id = $1 and (j.bucket, j.object) <> ($2, $3)
     group by j.bucket, j.object order by max(j.created_at) desc, j.object limit $4`,
    [matchId, query.bucket, query.object, OBJECTS_MAX],
  )
  return rows
}

const RELATED_MAX = 3

/** The newest decided matches with the same query or the same reference, at most three. */
export async function relatedMatches(db: Database, { matchId }: Pick<Match, 'matchId'>): Promise<Match[]> {
  const { rows } = await db.pool.query<MatchRow>(
    `select ${MATCH_COLUMNS} from (
       select o.match_id from (${sameContent('reference_etag')} union ${sameContent('query_etag')}) o
       where o.match_id <> $1 order by o.decided_at desc limit ${RELATED_MAX}
     ) k join matches m on m.match_id = k.match_id ${MATCH_JOINS} order by m.decided_at desc`,
    [matchId],
  )
  return rows.map(toMatch)
}

function sameContent(column: 'reference_etag' | 'query_etag'): string {
  return `select o.match_id, o.decided_at from matches m
    join matches o on o.dna_db_id = m.dna_db_id and o.${column} = m.${column} and o.decided_at is not null
    where m.match_id = $1`
}
