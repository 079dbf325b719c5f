import { checkPolicy, judgePair, type PairFacts, type PairVerdict, type PolicyChanges } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { getLibrary } from '../libraries.ts'
import type { Verdict } from './findings.ts'

/** How far back a preview looks. */
const DAYS = 30
/** Matches that it judges at most, newest first, and how many it reads per statement. */
const MAX_MATCHES = 10_000
const BATCH_SIZE = 1_000
/** Matches that it names. */
const MAX_CHANGED = 20

type Counts = Record<PairVerdict, number>

type ChangedMatch = {
  readonly matchId: string
  readonly object: string
  readonly score: number
  readonly from: Verdict
  readonly to: PairVerdict
}

/** What a policy would have made of the pairs that a library keeps. */
export type PolicyPreview = {
  readonly since: Date
  /** Pairs that were judged: matches and near misses. */
  readonly matches: number
  readonly before: Counts
  readonly after: Counts
  /** Confirmed matches that the policy would not have reported. */
  readonly confirmedLost: number
  /** The strongest pairs whose verdict would differ; at most 20. */
  readonly changed: readonly ChangedMatch[]
}

type Row = PairFacts & {
  readonly matchId: string
  readonly object: string
  readonly verdict: Verdict
  readonly state: string
  readonly searchedAt: Date
}

/**
 * Judges the matches and near misses of the last 30 days, at most the newest 10,000, by a changed policy. Nothing is
 * written. Null if the library does not exist.
 *
 * @throws Fault InvalidArgument for a policy that contradicts itself.
 */
export async function previewPolicy(
  db: Database,
  dnaDbId: string,
  changes: PolicyChanges,
): Promise<PolicyPreview | null> {
  const library = await getLibrary(db, dnaDbId)
  if (library === null) return null
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  const policy = { ...library.policy, ...given }
  checkPolicy(policy)
  const since = new Date(Date.now() - DAYS * 86_400_000)
  const [before, after] = [noCounts(), noCounts()]
  const changed: ChangedMatch[] = []
  let matches = 0
  let confirmedLost = 0
  for await (const { matchId, object, verdict: from, state, ...facts } of keptMatches(db, {
    dnaDbId,
    since,
  })) {
    const { verdict: to } = judgePair(facts, { policy, minSimilar: library.minSimilar })
    matches++
    before[from]++
    after[to]++
    if (state === 'confirmed' && from === 'report' && to !== 'report') confirmedLost++
    if (from !== to) changed.push({ matchId, object, score: facts.score, from, to })
  }
  changed.sort((a, b) => b.score - a.score)
  return { since, matches, before, after, confirmedLost, changed: changed.slice(0, MAX_CHANGED) }
}

function noCounts(): Counts {
  return { report: 0, review: 0, near: 0, drop: 0 }
}

async function* keptMatches(
  db: Database,
  { dnaDbId, since }: { readonly dnaDbId: string; readonly since: Date },
): AsyncGenerator<Row> {
  let last = { searchedAt: new Date(8.64e15), matchId: '' }
  for (let read = 0; read < MAX_MATCHES; read += BATCH_SIZE) {
    const { rows } = await db.pool.query<Row>(
      `select match_id as "matchId", query_object as object, verdict, state, searched_at as "searchedAt", score,
         picture_similar as similar, audio_similar as "audioSimilar", query_coverage as "queryCoverage",
         ref_coverage as "refCoverage", similar_seconds as "similarSeconds", has_picture as "hasPicture",
         has_sound as "hasSound"
       from matches where dna_db_id = $1 and searched_at >= $2 and (searched_at, match_id) < ($3, $4)
       order by searched_at desc, match_id desc limit ${BATCH_SIZE}`,
      [dnaDbId, since, last.searchedAt, last.matchId],
    )
    yield* rows
    const end = rows.at(-1)
    if (end === undefined || rows.length < BATCH_SIZE) return
    last = end
  }
}
