import type { MatchState } from '@kinoprint/core'
import type { Queryable } from '../database.ts'

export type MatchEventKind =
  | 'found'
  | 'changed'
  | 'decided'
  | 'undone'
  | 'note'
  | 'ignored'
  | 'restored'
  | 'held'
  | 'released'

export type NewMatchEvent = {
  readonly matchId: string
  readonly kind: MatchEventKind
  readonly by?: string | null
  readonly from?: MatchState | null
  readonly to?: MatchState | null
  readonly note?: string | null
  readonly jobId?: string | null
}

/** Adds entries to the history of matches, in the caller's transaction. */
export async function addMatchEvents(client: Queryable, events: readonly NewMatchEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ matchId, kind, by, from, to, note, jobId }) => ({
    match_id: matchId,
    kind,
    by_name: by,
    from_state: from,
    to_state: to,
    note,
    job_id: jobId,
  }))
  await client.query(
    `insert into match_events (match_id, kind, by_name, from_state, to_state, note, job_id)
     select match_id, kind, by_name, from_state, to_state, note, job_id
     from jsonb_populate_recordset(null::match_events, $1)`,
    [JSON.stringify(rows)],
  )
}
