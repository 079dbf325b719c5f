import { Fault } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'

export type Undone = {
  readonly matchIds: readonly string[]
  /** How many matches keep their state, because it was set again since. */
  readonly skipped: number
}

/**
 * Undoes the decisions of one request: each match gets the state that it had before. Null if there are none with this
 * id.
 *
 * @throws Fault Conflict if they have been undone already.
 */
export function undoDecisions(
  db: Database,
  batchId: string,
  { by }: { readonly by: string | null },
): Promise<Undone | null> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<{ id: string; isCurrent: boolean; kind: string }>(
      `select m.match_id as id, m.version = e.version as "isCurrent", e.kind
       from match_events e join matches m on m.match_id = e.match_id
       where e.batch_id = $1 order by m.match_id for update of m`,
      [batchId],
    )
    if (rows.length === 0) return null
    if (rows.some(({ kind }) => kind === 'undone'))
      throw new Fault('Conflict', `The decisions ${batchId} have been undone already.`)
    const matchIds = rows.filter(({ isCurrent }) => isCurrent).map(({ id }) => id)
    await client.query(
      `update matches m set state = e.from_state, version = m.version + 1, changed = (e.replaced ->> 'changed')::boolean,
         decided_state = e.replaced ->> 'decided_state', decided_reason = e.replaced ->> 'decided_reason',
         decided_note = e.replaced ->> 'decided_note', decided_by = e.replaced ->> 'decided_by',
         decided_at = (e.replaced ->> 'decided_at')::timestamptz
       from match_events e where e.batch_id = $1 and m.match_id = e.match_id and m.match_id = any($2)`,
      [batchId, matchIds],
    )
    await client.query(
      `insert into match_events (match_id, kind, by_name, from_state, to_state, batch_id, version)
       select e.match_id, 'undone', $3, e.to_state, e.from_state, $1, e.version + 1
       from match_events e where e.batch_id = $1 and e.match_id = any($2)`,
      [batchId, matchIds, by],
    )
    return { matchIds, skipped: rows.length - matchIds.length }
  })
}
