import { type MatchState, newMatchId } from '@kinoprint/core'
import type { Queryable } from '../database.ts'
import { writeEvidence } from '../evidence/match-evidence.ts'
import { withoutMarks } from '../ignored-passages/mark-ignored.ts'
import type { Finding, Findings, QueryContent, Verdict } from './findings.ts'
import { addMatchEvents } from './match-events.ts'
import { insertMatches, rowOf, type SearchJob, updateMatches, writePassages } from './match-rows.ts'
import { type Pair, readPairs } from './pairs.ts'
import type { Passage } from './passage.ts'
import { isChanged } from './passage-change.ts'

export type RecordedMatch = {
  readonly matchId: string
  readonly state: MatchState
  /**
   * `found`: a new match. `opened`: a near miss that is now reported. `changed`: decided before, and open again because
   * its passages differ. `known`: none of these.
   */
  readonly outcome: 'found' | 'opened' | 'changed' | 'known'
}

/**
 * Records what a search found, in the transaction that ends its job. A pair of contents that the library already knows
 * stays the same match. If it has been decided, it opens again only if its passages differ by 2 s or more. The query
 * itself, as the library stores it, is no match. Returns the matches by VideoId; videos of the same content share one.
 */
export async function recordMatches(
  client: Queryable,
  job: SearchJob,
  { query, found }: Findings,
): Promise<Map<string, RecordedMatch>> {
  const { pairs, etags } = await readPairs(client, job.dnaDbId, { query, found })
  if (pairs.size === 0) return new Map()
  const created = await createMatches(client, { job, query, pairs })
  const rest = new Map([...pairs].filter(([etag]) => !created.has(etag)))
  const matches = new Map([...created, ...(await updateKnown(client, { job, query, pairs: rest }))])
  await linkJob(client, job.jobId, [...matches.values()])
  return new Map(
    [...etags].flatMap(([videoId, etag]) => {
      const match = matches.get(etag)
      return match === undefined ? [] : [[videoId, match] as const]
    }),
  )
}

type Recording = {
  readonly job: SearchJob
  readonly query: QueryContent
  readonly pairs: ReadonlyMap<string, Pair>
}

/** Creates matches for the pairs that the library does not know yet, by the ETag of the reference. */
async function createMatches(
  client: Queryable,
  { job, query, pairs }: Recording,
): Promise<Map<string, RecordedMatch>> {
  const created = [...pairs].map(([etag, pair]) => {
    const state: MatchState = pair.finding.verdict === 'near' ? 'near' : 'open'
    const row = rowOf({ matchId: newMatchId(), job, query, ...pair, state, changed: false })
    return { etag, pair, state, row }
  })
  const ids = await insertMatches(
    client,
    created.map(({ row }) => row),
  )
  const inserted = created.filter(({ row }) => ids.has(row.match_id))
  await writePassages(
    client,
    inserted.map(({ row, pair }) => ({ matchId: row.match_id, passages: pair.finding.segments })),
  )
  for (const { row, pair } of inserted) await writeEvidence(client, row.match_id, pair.finding.evidence)
  await addMatchEvents(
    client,
    inserted.map(({ row, state }) => ({ matchId: row.match_id, kind: 'found', to: state, jobId: job.jobId })),
  )
  return new Map(
    inserted.map(({ etag, row, state }) => [etag, { matchId: row.match_id, state, outcome: 'found' }]),
  )
}

type Known = {
  readonly matchId: string
  readonly etag: string
  readonly state: MatchState
  readonly verdict: Verdict
  readonly changed: boolean
  readonly passages: readonly Passage[]
}

async function updateKnown(
  client: Queryable,
  { job, query, pairs }: Recording,
): Promise<Map<string, RecordedMatch>> {
  if (pairs.size === 0) return new Map()
  const { rows } = await client.query<Known>(
    `select m.match_id as "matchId", m.reference_etag as etag, m.state, m.verdict, m.changed, p.passages
     from matches m join match_passages p using (match_id)
     where m.dna_db_id = $1 and m.query_etag = $2 and m.reference_etag = any($3) order by m.match_id for update of m`,
    [job.dnaDbId, query.etag, [...pairs.keys()]],
  )
  const updates = rows.flatMap((known) => {
    const found = pairs.get(known.etag)
    // A near miss does not replace what was found before.
    if (found === undefined || (found.finding.verdict === 'near' && known.verdict !== 'near')) return []
    const outcome = outcomeOf(known, found.finding)
    const state: MatchState = outcome === 'known' ? known.state : 'open'
    const pair = state === 'confirmed' ? withoutIgnored(found) : found
    const changed = outcome === 'changed' || known.changed
    const row = rowOf({ matchId: known.matchId, job, query, ...pair, state, changed })
    return [{ known, pair, outcome, state, row }]
  })
  await updateMatches(
    client,
    updates.map(({ row }) => row),
  )
  await writePassages(
    client,
    updates.map(({ known, pair }) => ({ matchId: known.matchId, passages: pair.finding.segments })),
  )
  for (const { known, pair } of updates) await writeEvidence(client, known.matchId, pair.finding.evidence)
  await addMatchEvents(
    client,
    updates
      .filter(({ outcome }) => outcome !== 'known')
      .map(({ known, outcome, state }) => ({
        matchId: known.matchId,
        kind: outcome === 'opened' ? 'found' : 'changed',
        from: known.state,
        to: state,
        jobId: job.jobId,
      })),
  )
  const recorded = new Map<string, RecordedMatch>(
    rows.map(({ etag, matchId, state }) => [etag, { matchId, state, outcome: 'known' }]),
  )
  for (const { known, outcome, state } of updates)
    recorded.set(known.etag, { matchId: known.matchId, state, outcome })
  return recorded
}

/** A confirmed match keeps what has been confirmed. */
function withoutIgnored({ finding, ...pair }: Pair): Pair {
  return { ...pair, finding: { ...finding, segments: withoutMarks(finding.segments) } }
}

function outcomeOf({ state, passages }: Known, { verdict, segments }: Finding): RecordedMatch['outcome'] {
  if (verdict === 'near') return 'known'
  if (state === 'near') return 'opened'
  const isDecided = state === 'confirmed' || state === 'dismissed'
  return isDecided && isChanged(passages, segments) ? 'changed' : 'known'
}

async function linkJob(client: Queryable, jobId: string, matches: readonly RecordedMatch[]): Promise<void> {
  await client.query(
    'insert into match_jobs (job_id, match_id) select $1, * from unnest($2::text[]) on conflict do nothing',
    [jobId, matches.map(({ matchId }) => matchId)],
  )
}
