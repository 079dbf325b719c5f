import { batchesOf } from '@kinoprint/core'
import type { Database, Queryable } from '../database.ts'
import { addMatchEvents } from '../matches/match-events.ts'
import { rewritePassages } from '../matches/match-rows.ts'
import { factsOf, type Passage } from '../matches/passage.ts'
import { markIgnored } from './mark-ignored.ts'
import { readIgnoredRanges } from './read-ranges.ts'

/** What an ignored passage does to the matches of its library. */
export type IgnoredEffect = {
  /** Open matches that it hides. */
  readonly hidden: number
  /** Open matches that lose a passage and stay open. */
  readonly shortened: number
  /** Confirmed matches that it touches, which stay as they are. */
  readonly confirmedKept: number
}

/** Queries whose matches are read at a time. */
const QUERIES = 50

type StoredMatch = {
  readonly matchId: string
  readonly state: 'open' | 'confirmed' | 'dismissed' | 'near'
  readonly queryEtag: string
  readonly etag: string
  readonly passages: readonly Passage[]
  readonly isProven: boolean
}

/** A match with its passages as they become. */
type Remarked = { readonly before: StoredMatch; readonly after: readonly Passage[] }

type Application = {
  readonly ignoredId: string
  readonly by: string | null
  /** What the history of the matches records. */
  readonly kind: 'ignored' | 'restored' | 'held' | 'released'
}

/**
 * Marks the passages of all matches that an ignored passage touches, or that it has touched until now, in the caller's
 * transaction. Confirmed matches stay as they are.
 */
export async function applyToMatches(client: Queryable, { ignoredId, by, kind }: Application): Promise<void> {
  await client.query(
    `select from libraries where number = (select library_number from ignored_passages where ignored_id = $1) for update`,
    [ignoredId],
  )
  for await (const remarked of remarkedMatches(client, { ignoredId })) {
    const changed = remarked.filter(
      ({ before, after }) => before.state !== 'confirmed' && isOther(before, after),
    )
    if (changed.length === 0) continue
    await rewritePassages(
      client,
      changed.map(({ before: { matchId }, after }) => ({ matchId, passages: after })),
    )
    await addMatchEvents(
      client,
      changed.map(({ before: { matchId } }) => ({ matchId, kind, by })),
    )
  }
}

/** What ignoring a draft would do, as far as it has been looked up. Changes nothing. */
export async function previewIgnored(db: Database, ignoredId: string): Promise<IgnoredEffect> {
  const effect = { hidden: 0, shortened: 0, confirmedKept: 0 }
  for await (const remarked of remarkedMatches(db.pool, { ignoredId, draftId: ignoredId })) {
    for (const { before, after } of remarked) {
      if (!isOther(before, after)) continue
      if (before.state === 'confirmed') effect.confirmedKept++
      if (before.state !== 'open' || factsOf(before.passages).ignored) continue
      if (factsOf(after).ignored) effect.hidden++
      else effect.shortened++
    }
  }
  return effect
}

/** The matches of all queries that the ranges of an ignored passage touch, a few queries at a time. */
async function* remarkedMatches(
  client: Queryable,
  { ignoredId, draftId }: { readonly ignoredId: string; readonly draftId?: string },
): AsyncGenerator<readonly Remarked[]> {
  const { rows: queries } = await client.query<{ dnaDbId: string; queryEtag: string }>(
    `select distinct m.dna_db_id as "dnaDbId", m.query_etag as "queryEtag"
     from ignored_ranges r join libraries l on l.number = r.library_number
       join matches m on m.dna_db_id = l.dna_db_id and (m.reference_etag = r.etag or m.query_etag = r.etag)
     where r.ignored_id = $1 order by 2`,
    [ignoredId],
  )
  for (const batch of batchesOf(queries, QUERIES)) {
    const dnaDbId = batch[0]?.dnaDbId ?? ''
    const matches = await readMatches(client, {
      dnaDbId,
      queryEtags: batch.map(({ queryEtag }) => queryEtag),
    })
    const etags = [...new Set(matches.flatMap(({ etag, queryEtag }) => [etag, queryEtag]))]
    const byEtag = await readIgnoredRanges(client, { dnaDbId, etags, draftId })
    yield batch.flatMap(({ queryEtag }) => {
      const ofQuery = matches.filter((match) => match.queryEtag === queryEtag)
      const marked = markIgnored(ofQuery, { byEtag, queryEtag })
      return ofQuery.map((before, at) => ({ before, after: marked[at]?.passages ?? before.passages }))
    })
  }
}

async function readMatches(
  client: Queryable,
  { dnaDbId, queryEtags }: { readonly dnaDbId: string; readonly queryEtags: readonly string[] },
): Promise<StoredMatch[]> {
  const { rows } = await client.query<StoredMatch>(
    `select m.match_id as "matchId", m.state, m.query_etag as "queryEtag", m.reference_etag as etag, p.passages,
       m.verdict <> 'near' as "isProven"
     from matches m join match_passages p using (match_id)
     where m.dna_db_id = $1 and m.query_etag = any($2) order by m.match_id`,
    [dnaDbId, queryEtags],
  )
  return rows
}

function isOther({ passages }: StoredMatch, after: readonly Passage[]): boolean {
  const marksOf = (all: readonly Passage[]) =>
    JSON.stringify(
      all
        .map(({ queryStart, refStart, queryEnd, ignored = null }) => [
          queryStart,
          refStart,
          queryEnd,
          ignored,
        ])
        .sort(),
    )
  return marksOf(passages) !== marksOf(after)
}
