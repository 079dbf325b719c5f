import {
  type DismissReason,
  type MatchState,
  type Page,
  type PageBounds,
  pageOf,
  pageWindow,
} from '@kinoprint/core'
import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import type { MatchEventKind } from './match-events.ts'

export type MatchEvent = {
  readonly eventId: number
  readonly kind: MatchEventKind
  readonly at: Date
  /** The name given at sign-in; null if none. */
  readonly by: string | null
  readonly from: MatchState | null
  readonly to: MatchState | null
  readonly reason: DismissReason | null
  readonly note: string | null
  readonly jobId: string | null
  readonly batchId: string | null
}

const COLUMNS = `event_id::int as "eventId", kind, at, by_name as by, from_state as from, to_state as to, reason, note,
  job_id as "jobId", batch_id as "batchId"`

/** Returns a page of the history of a match, newest first. */
export async function listMatchEvents(
  db: Database,
  matchId: string,
  filter: PageBounds,
): Promise<Page<MatchEvent>> {
  const { limit, offset } = pageWindow(filter)
  const { rows } = await db.pool.query<MatchEvent>(
    `select ${COLUMNS} from match_events where match_id = $1 order by event_id desc limit $2 offset $3`,
    [matchId, limit, offset],
  )
  return pageOf(rows, { filter, total: await countEvents(db, matchId, `true`) })
}

export type MatchNote = Pick<MatchEvent, 'by' | 'at'> & { readonly noteId: number; readonly text: string }

const NOTE_COLUMNS = `event_id::int as "noteId", note as text, by_name as by, at`

/** Returns a page of the notes of a match, oldest first. */
export async function listMatchNotes(
  db: Database,
  matchId: string,
  filter: PageBounds,
): Promise<Page<MatchNote>> {
  const { limit, offset } = pageWindow(filter)
  const { rows } = await db.pool.query<MatchNote>(
    `select ${NOTE_COLUMNS} from match_events where match_id = $1 and kind = 'note' order by event_id
     limit $2 offset $3`,
    [matchId, limit, offset],
  )
  return pageOf(rows, { filter, total: await countEvents(db, matchId, `kind = 'note'`) })
}

async function countEvents(db: Database, matchId: string, condition: string): Promise<number> {
  const { rows } = await db.pool.query<{ total: number }>(
    `select count(*)::int as total from match_events where match_id = $1 and ${condition}`,
    [matchId],
  )
  return rows[0]?.total ?? 0
}

/** Adds a note to a match. Null if the match does not exist. */
export function addMatchNote(
  db: Database,
  matchId: string,
  { text, by }: { readonly text: string; readonly by: string | null },
): Promise<MatchNote | null> {
  return transaction(db, async (client) => {
    const { rowCount } = await client.query(
      'update matches set note_count = note_count + 1 where match_id = $1',
      [matchId],
    )
    if (rowCount === 0) return null
    const { rows } = await client.query<MatchNote>(
      `insert into match_events (match_id, kind, by_name, note) values ($1, 'note', $3, $2) returning ${NOTE_COLUMNS}`,
      [matchId, text, by],
    )
    return rows[0] ?? null
  })
}
