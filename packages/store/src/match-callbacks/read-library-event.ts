import type { Database } from '../database.ts'

/** The JSON body of a callback about a library. */
type LibraryMessage = MessageHead & (FullLibrary | HeldStretch)

type MessageHead = {
  /** Increases from event to event, also over those of matches. */
  readonly eventId: number
  /** ISO 8601. */
  readonly at: string
  readonly library: { readonly dnaDbId: string; readonly name: string }
}

type FullLibrary = {
  readonly event: 'LibraryFull'
  /** The threshold that it reached, of its capacity. */
  readonly percent: 90 | 100
  readonly videoCount: number
  /** The most videos that it may hold. */
  readonly capacity: number
}

type HeldStretch = {
  readonly event: 'PassageHeld'
  readonly passage: {
    readonly heldId: string
    readonly videoId: string
    readonly object: string
    /** Decimal seconds of the video. */
    readonly start: number
    readonly end: number
    /** Query contents that matched it within the window. */
    readonly matches: number
    readonly windowSeconds: number
  }
}

/** What the callback about a library says, and the key that signs it. Null if the library is gone. */
export async function readLibraryMessage(
  db: Database,
  libraryEventId: number,
): Promise<{ readonly message: LibraryMessage; readonly secretId: string | null } | null> {
  const { rows } = await db.pool.query<{
    eventId: string
    at: Date
    dnaDbId: string
    name: string
    percent: 90 | 100 | null
    videoCount: number
    capacity: number
    held: HeldStretch['passage'] | null
    secretId: string | null
  }>(
    `select e.event_id as "eventId", e.at, l.dna_db_id as "dnaDbId", l.name, e.percent, e.video_count as "videoCount",
       e.capacity, e.held, c.secret_id as "secretId"
     from library_events e join libraries l on l.number = e.library_number
       left join match_callbacks c on c.library_number = l.number
     where e.event_id = $1`,
    [libraryEventId],
  )
  const [row] = rows
  if (row === undefined) return null
  const { dnaDbId, name, percent, videoCount, capacity, held, secretId } = row
  const head = { eventId: Number(row.eventId), at: row.at.toISOString(), library: { dnaDbId, name } }
  if (held !== null) return { message: { event: 'PassageHeld', ...head, passage: held }, secretId }
  if (percent === null) throw new Error('An event of a library is about nothing.')
  return { message: { event: 'LibraryFull', ...head, percent, videoCount, capacity }, secretId }
}
