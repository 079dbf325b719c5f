import type { Database } from '../database.ts'
import { commonStretch, type Stretch } from './common-stretch.ts'
import { createBind } from './list-matches.ts'
import { MATCH_COLUMNS, MATCH_JOINS, type Match, type MatchRow, toMatch } from './match.ts'
import type { Passage } from './passage.ts'

/** The fewest open matches that must rest on a stretch, and on nothing else of its reference. */
const MIN_MATCHES = 5
/** A longer stretch is the video rather than a passage of it. In seconds. */
const MAX_SECONDS = 600
/** References that are examined, those with the most open matches first, and matches of each, newest first. */
const MAX_REFERENCES = 20
const MAX_PER_REFERENCE = 1_000
const MAX_SUGGESTIONS = 10

/** A stretch of a reference on which many open matches rest, and one of them. */
export type Suggestion = Stretch & Pick<Match, 'matchId' | 'library' | 'reference'>

type Row = { readonly matchId: string; readonly reference: string; readonly passages: readonly Passage[] }

/**
 * Returns stretches that flood the queue: five or more open matches use them and nothing else of their reference. Most
 * matches first, at most ten.
 */
export async function suggestStretches(
  db: Database,
  { library }: { readonly library?: string | undefined },
): Promise<Suggestion[]> {
  const { values, bind } = createBind()
  const open = `m.state = 'open' and not m.ignored ${library === undefined ? '' : `and m.dna_db_id = ${bind(library)}`}`
  const { rows } = await db.pool.query<Row>(
    `with crowded as (
       select m.dna_db_id, m.reference_etag from matches m where ${open}
       group by m.dna_db_id, m.reference_etag having count(*) >= ${MIN_MATCHES} order by count(*) desc limit ${MAX_REFERENCES}
     )
     select n.match_id as "matchId", c.dna_db_id || ' ' || c.reference_etag as reference, p.passages from crowded c
     cross join lateral (
       select m.match_id from matches m
       where ${open} and m.dna_db_id = c.dna_db_id and m.reference_etag = c.reference_etag
       order by m.opened_at desc limit ${MAX_PER_REFERENCE}) n
     join match_passages p on p.match_id = n.match_id`,
    values,
  )
  const stretches = [...groupBy(rows).values()].flatMap((own) => {
    const stretch = commonStretch(own)
    const [example] = own
    return stretch === null || example === undefined ? [] : [{ ...stretch, matchId: example.matchId }]
  })
  const best = stretches
    .filter(({ only, refStart, refEnd }) => only >= MIN_MATCHES && refEnd - refStart <= MAX_SECONDS)
    .sort((a, b) => b.only - a.only)
    .slice(0, MAX_SUGGESTIONS)
  const found = await db.pool.query<MatchRow>(
    `select ${MATCH_COLUMNS} from matches m ${MATCH_JOINS} where m.match_id = any($1)`,
    [best.map(({ matchId }) => matchId)],
  )
  const examples = new Map(found.rows.map(toMatch).map((match) => [match.matchId, match]))
  return best.flatMap((stretch) => {
    const example = examples.get(stretch.matchId)
    return example === undefined
      ? []
      : [{ ...stretch, library: example.library, reference: example.reference }]
  })
}

function groupBy(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.reference)
    if (group === undefined) groups.set(row.reference, [row])
    else group.push(row)
  }
  return groups
}
