import type { Database } from './database.ts'

/** A preview that is being made, or that failed a short time ago. */
export type PreviewState = {
  readonly previewId: string
  readonly state: 'waiting' | 'running' | 'failed'
  /** 0..1 */
  readonly progress: number
  /** Why it failed, and what to do. */
  readonly message: string | null
}

/** A failure is shown, and a server that stopped holds its previews, for this long. */
const KEPT_SECONDS = 60
const IS_CURRENT = `heard_at > clock_timestamp() - ${KEPT_SECONDS} * interval '1 second'`

/** Reserves a preview for this process. False if another one makes it, or if it has just failed. */
export async function claimPreview(db: Database, previewId: string): Promise<boolean> {
  await db.pool.query(`delete from previews where not (${IS_CURRENT})`)
  const { rowCount } = await db.pool.query(
    `insert into previews (preview_id, state) values ($1, 'waiting') on conflict do nothing`,
    [previewId],
  )
  return rowCount === 1
}

/** The state of a preview that a process of the installation makes. Null if none does. */
export async function readPreview(db: Database, previewId: string): Promise<PreviewState | null> {
  const { rows } = await db.pool.query<PreviewState>(
    `select preview_id as "previewId", state, progress, message from previews
     where preview_id = $1 and ${IS_CURRENT}`,
    [previewId],
  )
  return rows[0] ?? null
}

/**
 * Writes the states of the previews that this process makes. Those not written for a minute count as abandoned, and
 * a failure stays one. */
export async function writePreviews(db: Database, states: readonly PreviewState[]): Promise<void> {
  const rows = states.map(({ previewId, ...rest }) => ({ preview_id: previewId, ...rest }))
  await db.pool.query(
    `update previews p set state = n.state, progress = n.progress, message = n.message, heard_at = clock_timestamp()
     from jsonb_populate_recordset(null::previews, $1) n where p.preview_id = n.preview_id and p.state <> 'failed'`,
    [JSON.stringify(rows)],
  )
}

/** Forgets a preview that is ready, or that no process makes any more. */
export async function forgetPreview(db: Database, previewId: string): Promise<void> {
  await db.pool.query('delete from previews where preview_id = $1', [previewId])
}
