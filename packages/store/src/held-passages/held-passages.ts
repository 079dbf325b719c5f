import { Fault } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { applyToMatches } from '../ignored-passages/apply-to-matches.ts'
import { IGNORED_COLUMNS, type IgnoredPassage } from '../ignored-passages/ignored-passage.ts'
import { ignorePassage } from '../ignored-passages/ignored-passages.ts'
import { transaction } from '../transaction.ts'

/** A stretch of a stored video whose matches are held back, because many different queries suddenly matched it. */
export type HeldPassage = Pick<
  IgnoredPassage,
  | 'dnaDbId'
  | 'videoId'
  | 'bucket'
  | 'object'
  | 'videoDeleted'
  | 'start'
  | 'end'
  | 'createdAt'
  | 'hidden'
  | 'shortened'
> & {
  readonly heldId: string
  readonly libraryName: string
  /** Query contents that had matched it when it was held back. */
  readonly matches: number
  /** Some of the matches that it holds back, newest first. */
  readonly examples: readonly { readonly matchId: string; readonly bucket: string; readonly object: string }[]
}

const MAX_EXAMPLES = 5
/** A longer stretch is the video rather than a passage of it. */
const MOST_SECONDS = 600
const FROM = 'from ignored_passages i join libraries l on l.number = i.library_number'
const COLUMNS = `${IGNORED_COLUMNS}, i.ignored_id as "heldId", l.name as "libraryName", i.held_matches as matches,
  coalesce((
    select json_agg(e) from (
      select m.match_id as "matchId", m.query_bucket as bucket, m.query_object as object
      from match_passages p join matches m using (match_id)
      where jsonb_path_query_array(p.passages, '$[*].ignored') ? i.ignored_id
      order by m.found_at desc limit ${MAX_EXAMPLES}) e
  ), '[]') as examples`

type Row = HeldPassage & IgnoredPassage

function toHeld({
  heldId,
  dnaDbId,
  libraryName,
  videoId,
  bucket,
  object,
  videoDeleted,
  ...row
}: Row): HeldPassage {
  const { start, end, matches, createdAt, hidden, shortened, examples } = row
  const video = { dnaDbId, libraryName, videoId, bucket, object, videoDeleted, start, end }
  return { heldId, ...video, matches, createdAt, hidden, shortened, examples }
}

export type HeldQuery = {
  /** Only those of this library. */
  readonly dnaDbId?: string | undefined
  readonly page: number
  readonly pageSize: number
}

/** The held passages of all libraries or of one, newest first. */
export async function listHeldPassages(
  db: Database,
  { dnaDbId, page, pageSize }: HeldQuery,
): Promise<{ readonly items: HeldPassage[]; readonly total: number }> {
  const where = 'where i.held and not i.is_draft and ($1::text is null or l.dna_db_id = $1)'
  const { rows } = await db.pool.query<Row>(
    `select ${COLUMNS} ${FROM} ${where} order by i.created_at desc, i.ignored_id limit $2 offset $3`,
    [dnaDbId ?? null, pageSize, (page - 1) * pageSize],
  )
  const counted = await db.pool.query<{ total: number }>(`select count(*)::int as total ${FROM} ${where}`, [
    dnaDbId ?? null,
  ])
  return { items: rows.map(toHeld), total: counted.rows[0]?.total ?? 0 }
}

export type HeldRelease = {
  readonly heldId: string
  /** Whether the guard leaves the reference alone from now on. */
  readonly exempt: boolean
  readonly by: string | null
}

/**
 * Releases a held passage: its matches count again at once. They are no evidence any more, so only as many new ones hold
 * it back again. False if there is no such passage.
 */
export function releasePassage(db: Database, { heldId, exempt, by }: HeldRelease): Promise<boolean> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<{ libraryNumber: number; etag: string }>(
      `update ignored_passages set is_draft = true where ignored_id = $1 and held and not is_draft
       returning library_number as "libraryNumber", etag`,
      [heldId],
    )
    const [passage] = rows
    if (passage === undefined) return false
    await applyToMatches(client, { ignoredId: heldId, by, kind: 'released' })
    // After the lock on the library, so that no match in between is missed.
    await client.query(
      `insert into flood_releases as r (library_number, etag, exempt, by_name) values ($1, $2, $3, $4)
       on conflict (library_number, etag) do update set released_at = clock_timestamp(),
         exempt = r.exempt or excluded.exempt, by_name = excluded.by_name`,
      [passage.libraryNumber, passage.etag, exempt, by],
    )
    await client.query('delete from ignored_passages where ignored_id = $1', [heldId])
    return true
  })
}

/**
 * Ignores a held passage everywhere, as a person would: also where other videos hold it. Null if there is no such held
 * passage.
 *
 * @throws Fault InvalidArgument if it is longer than 600 s, NotFound if its video has been deleted.
 */
export async function ignoreHeldPassage(
  db: Database,
  { heldId, note, by }: { readonly heldId: string; readonly note: string | null; readonly by: string | null },
): Promise<IgnoredPassage | null> {
  const { rows } = await db.pool.query<Row>(
    `select ${COLUMNS} ${FROM} where i.ignored_id = $1 and i.held and not i.is_draft`,
    [heldId],
  )
  const [held] = rows
  if (held === undefined) return null
  const { dnaDbId, videoId, start, end } = held
  if (end - start > MOST_SECONDS)
    throw new Fault(
      'InvalidArgument',
      `The passage is longer than ${MOST_SECONDS} s, too long to be ignored. Release it, or delete its video.`,
    )
  const ignored = await ignorePassage(db, { dnaDbId, videoId, start, end, everywhere: true, note, by })
  await transaction(db, async (client) => {
    await client.query('update ignored_passages set is_draft = true where ignored_id = $1', [heldId])
    await applyToMatches(client, { ignoredId: heldId, by, kind: 'ignored' })
    await client.query('delete from ignored_passages where ignored_id = $1', [heldId])
  })
  return ignored
}
