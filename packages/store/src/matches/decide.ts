import { type DecisionState, type DismissReason, Fault, newBatchId } from '@kinoprint/core'
import type { Database, Queryable } from '../database.ts'
import { transaction } from '../transaction.ts'
import { createBind } from './list-matches.ts'
import { type MatchFilter, matchCondition } from './match-filter.ts'

/** The most matches that one request decides. */
const BULK_MAX = 10_000

export type ReviewerDecision = {
  readonly state: DecisionState
  readonly reason?: DismissReason | undefined
  readonly note?: string | undefined
  /** The name given at sign-in. */
  readonly by: string | null
}

type Current = {
  readonly state: string
  readonly version: number
  readonly by: string | null
  readonly at: Date | null
}

/**
 * Decides a match. Returns the id with which the decision is undone, or null if the match does not exist.
 *
 * @throws Fault Conflict if the version of the match is another one than `ifVersion`. Its details are the `state`,
 * `by`, `at` and `version` of the match.
 */
export function decideMatch(
  db: Database,
  matchId: string,
  { ifVersion, ...verdict }: ReviewerDecision & { readonly ifVersion?: number | undefined },
): Promise<string | null> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<Current>(
      `select state, version, decided_by as by, decided_at as at from matches where match_id = $1 for update`,
      [matchId],
    )
    const [current] = rows
    if (current === undefined) return null
    if (ifVersion !== undefined && ifVersion !== current.version) throw newerDecision(current)
    return decide(client, [matchId], verdict)
  })
}

function newerDecision({ state, version, by, at }: Current): Fault {
  const what =
    state === 'open' || state === 'near' ? 'The match has changed' : `${by ?? 'Someone'} ${state} the match`
  const message = `${what} since you opened it. Nothing was saved. To decide anyway, send ifVersion ${version}.`
  const details = { state, version: String(version), by: by ?? '', at: at?.toISOString() ?? '' }
  return new Fault('Conflict', message, { details })
}

export type Batch = { readonly batchId: string; readonly decided: number }

/**
 * Decides all of these matches, or none.
 *
 * @throws Fault NotFound if one does not exist.
 */
export function decideMatches(
  db: Database,
  matchIds: readonly string[],
  verdict: ReviewerDecision,
): Promise<Batch> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      'select match_id as id from matches where match_id = any($1) order by match_id for update',
      [matchIds],
    )
    const known = new Set(rows.map(({ id }) => id))
    const missing = matchIds.find((id) => !known.has(id))
    if (missing !== undefined)
      throw new Fault('NotFound', `Match ${missing} does not exist. No match was decided.`)
    return { batchId: await decide(client, [...known], verdict), decided: known.size }
  })
}

export type BulkDecision = ReviewerDecision & {
  readonly filter: MatchFilter
  /** How many matches the reviewer expects to decide. */
  readonly expected: number
}

/**
 * Decides every match of a filter.
 *
 * @throws Fault Conflict if their number is another one than `expected`, which is then in its details as `total`.
 */
export function decideFiltered(db: Database, { filter, expected, ...verdict }: BulkDecision): Promise<Batch> {
  return transaction(db, async (client) => {
    const { values, bind } = createBind()
    const where = matchCondition(filter, bind)
    const { rows } = await client.query<{ id: string }>(
      `select m.match_id as id from matches m where ${where} order by m.match_id limit ${bind(BULK_MAX + 1)} for update`,
      values,
    )
    if (rows.length !== expected) {
      const total = rows.length > BULK_MAX ? `more than ${BULK_MAX}` : String(rows.length)
      const message = `The filter matches ${total} matches, not ${expected}. Nothing was saved. Load the list again.`
      throw new Fault('Conflict', message, { details: { total: String(rows.length) } })
    }
    return {
      batchId: await decide(
        client,
        rows.map(({ id }) => id),
        verdict,
      ),
      decided: rows.length,
    }
  })
}

/** Decides locked matches. Taking a decision back makes a near miss one again. */
async function decide(
  client: Queryable,
  matchIds: readonly string[],
  { state, reason, note, by }: ReviewerDecision,
): Promise<string> {
  const batchId = newBatchId()
  const next = `case when $2 = 'open' and verdict = 'near' then 'near' else $2 end`
  await client.query(
    `insert into match_events (match_id, kind, by_name, from_state, to_state, reason, note, batch_id, version, replaced)
     select match_id, 'decided', $5, state, ${next}, $3, $4, $6, version + 1, jsonb_build_object(
       'decided_state', decided_state, 'decided_reason', decided_reason, 'decided_note', decided_note,
       'decided_by', decided_by, 'decided_at', decided_at, 'changed', changed)
     from matches where match_id = any($1) order by match_id`,
    [matchIds, state, reason ?? null, note ?? null, by, batchId],
  )
  await client.query(
    `update matches set state = ${next}, version = version + 1, changed = false,
       decided_state = nullif($2, 'open'), decided_reason = $3, decided_note = $4, decided_by = $5,
       decided_at = case when $2 <> 'open' then clock_timestamp() end
     where match_id = any($1)`,
    state === 'open'
      ? [matchIds, state, null, null, null]
      : [matchIds, state, reason ?? null, note ?? null, by],
  )
  return batchId
}
