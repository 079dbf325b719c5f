import type { Database } from '../database.ts'

/** The JSON body of a callback about a library. */
type LibraryMessage = {
  readonly event: 'LibraryFull'
  /** Increases from event to event, also over those of matches. */
  readonly eventId: number
  /** ISO 8601. */
  readonly at: string
  readonly library: { readonly dnaDbId: string; readonly name: string }
  /** The threshold that it reached, of its capacity. */
  readonly percent: 90 | 100
  readonly videoCount: number
  /** The most videos that it may hold. */
  readonly capacity: number
}

/** What the callback about a full library says, and the key that signs it. Null if the library is gone. */
export async function readLibraryMessage(
  db: Database,
  libraryEventId: number,
): Promise<{ readonly message: LibraryMessage; readonly secretId: string | null } | null> {
  const { rows } = await db.pool.query<{
    eventId: string
    at: Date
    dnaDbId: string
    name: string
    percent: 90 | 100
    videoCount: number
    capacity: number
    secretId: string | null
  }>(
    `select e.event_id as "eventId", e.at, l.dna_db_id as "dnaDbId", l.name, e.percent, e.video_count as "videoCount",
       e.capacity, c.secret_id as "secretId"
     from library_events e join libraries l on l.number = e.library_number
       left join match_callbacks c on c.library_number = l.number
     where e.event_id = $1`,
    [libraryEventId],
  )
  const [row] = rows
  if (row === undefined) return null
  const { dnaDbId, name, percent, videoCount, capacity, secretId } = row
  const head = { event: 'LibraryFull', eventId: Number(row.eventId), at: row.at.toISOString() } as const
  return { message: { ...head, library: { dnaDbId, name }, percent, videoCount, capacity }, secretId }
}
