import { Fault, newIgnoredId } from '@kinoprint/core'
import type pg from 'pg'
import type { Database, Queryable } from '../database.ts'
import { transaction } from '../transaction.ts'
import { applyToMatches } from './apply-to-matches.ts'
import { ALSO_IN, IGNORED_COLUMNS, type IgnoredPassage, type IgnoredPlacement } from './ignored-passage.ts'

/** A stretch to ignore. */
export type Stretch = {
  readonly dnaDbId: string
  readonly videoId: string
  /** Decimal seconds of the video. */
  readonly start: number
  readonly end: number
  readonly everywhere: boolean
}

export type NewIgnoredPassage = Stretch & { readonly note: string | null; readonly by: string | null }

const FROM = 'from ignored_passages i join libraries l on l.number = i.library_number'

/**
 * Ignores a stretch at once in its own video. If it applies everywhere, a worker looks it up in the others, unless a dry
 * run has done that.
 *
 * @throws Fault NotFound if there is no such video, InvalidArgument if the range is not in it, Conflict if it is ignored.
 */
export async function ignorePassage(db: Database, stretch: NewIgnoredPassage): Promise<IgnoredPassage> {
  const ignoredId = await transaction(db, async (client) => {
    const id = await writeStretch(client, stretch)
    const { rowCount } = await client.query(
      `update ignored_passages set is_draft = false, note = $2, by_name = $3, created_at = clock_timestamp()
       where ignored_id = $1 and is_draft`,
      [id, stretch.note, stretch.by],
    )
    const isKnown = rowCount === 0 || (await isIgnoredOtherwise(client, id))
    if (isKnown) throw new Fault('Conflict', 'This range of the video is ignored already.')
    await applyToMatches(client, { ignoredId: id, by: stretch.by, kind: 'ignored' })
    return id
  })
  const passage = await getIgnoredPassage(db, { dnaDbId: stretch.dnaDbId, ignoredId })
  if (passage === null) throw new Error('The ignored passage was deleted while it was made.')
  return passage
}

export type IgnoredDraft = {
  readonly ignoredId: string
  /** Number of other videos that hold the stretch; null while it is being looked up. */
  readonly alsoIn: number | null
}

/** Writes a stretch for a dry run, and has it looked up if it is to be ignored everywhere. Throws like `ignorePassage`. */
export async function draftIgnoredPassage(db: Database, stretch: Stretch): Promise<IgnoredDraft> {
  const ignoredId = await transaction(db, (client) => writeStretch(client, stretch))
  const { rows } = await db.pool.query<Pick<IgnoredPassage, 'alsoIn'>>(
    `select ${ALSO_IN} from ignored_passages i where i.ignored_id = $1`,
    [ignoredId],
  )
  return { ignoredId, alsoIn: rows[0]?.alsoIn ?? null }
}

/** Writes the stretch as a draft, with its own range. Returns the id of the row, which may exist already. */
async function writeStretch(
  client: pg.PoolClient,
  { dnaDbId, videoId, start, end, everywhere }: Stretch,
): Promise<string> {
  const { rows: videos } = await client.query<{
    libraryNumber: number
    etag: string
    durationSeconds: number
  }>(
    `select v.library_number as "libraryNumber", v.etag, v.duration_seconds as "durationSeconds"
     from videos v join libraries l on l.number = v.library_number where l.dna_db_id = $1 and v.video_id = $2`,
    [dnaDbId, videoId],
  )
  const [video] = videos
  if (video === undefined) throw new Fault('NotFound', `Library ${dnaDbId} has no video ${videoId}.`)
  if (end > video.durationSeconds + 0.5) {
    const length = `${video.durationSeconds.toFixed(1)} s`
    throw new Fault('InvalidArgument', `The range ends after the video, which is ${length} long.`)
  }
  const { rows } = await client.query<{ ignoredId: string }>(
    `insert into ignored_passages as i (ignored_id, library_number, video_id, bucket, object, etag, start_seconds,
       end_seconds, everywhere, is_draft, state)
     select $1, library_number, video_id, bucket, object, etag, $3, $4, $5, true, case when $5 then 'Searching' else 'Active' end
     from videos where video_id = $2
     on conflict (library_number, etag, start_seconds, end_seconds, everywhere, held) do update set
       -- A failed lookup is tried again.
       state = case when i.state = 'Failed' and i.is_draft then 'Searching' else i.state end,
       attempts = case when i.state = 'Failed' then 0 else i.attempts end,
       created_at = case when i.is_draft then clock_timestamp() else i.created_at end
     returning ignored_id as "ignoredId"`,
    [newIgnoredId(), videoId, start, end, everywhere],
  )
  const ignoredId = rows[0]?.ignoredId ?? ''
  await client.query(
    `insert into ignored_ranges (ignored_id, library_number, etag, start_seconds, end_seconds, score, is_own)
     values ($1, $2, $3, $4, $5, 1, true) on conflict do nothing`,
    [ignoredId, video.libraryNumber, video.etag, start, end],
  )
  return ignoredId
}

/** Whether the same range is ignored with the other `everywhere`. */
async function isIgnoredOtherwise(client: Queryable, ignoredId: string): Promise<boolean> {
  const { rows } = await client.query(
    `select from ignored_passages i join ignored_passages o using (library_number, etag, start_seconds, end_seconds)
     where i.ignored_id = $1 and o.ignored_id <> i.ignored_id and not o.is_draft and not o.held`,
    [ignoredId],
  )
  return rows.length > 0
}

export type IgnoredKey = { readonly dnaDbId: string; readonly ignoredId: string }

/** Null if the library has no such rule. */
export async function getIgnoredPassage(
  db: Database,
  { dnaDbId, ignoredId }: IgnoredKey,
): Promise<IgnoredPassage | null> {
  const { rows } = await db.pool.query<IgnoredPassage>(
    `select ${IGNORED_COLUMNS} ${FROM} where l.dna_db_id = $1 and i.ignored_id = $2 and not i.is_draft and not i.held`,
    [dnaDbId, ignoredId],
  )
  return rows[0] ?? null
}

/** Where else the stretch is, best score first, at most 100. */
export async function listIgnoredPlacements(db: Database, ignoredId: string): Promise<IgnoredPlacement[]> {
  const { rows } = await db.pool.query<IgnoredPlacement>(
    `select v.video_id as "videoId", v.object, r.start_seconds as start, r.end_seconds as "end", r.score
     from ignored_ranges r join videos v on v.library_number = r.library_number and v.etag = r.etag
     where r.ignored_id = $1 and not r.is_own order by r.score desc, v.object, r.start_seconds limit 100`,
    [ignoredId],
  )
  return rows
}

export type IgnoredQuery = {
  readonly dnaDbId: string
  /** Only those of this video. */
  readonly videoId?: string | undefined
  readonly page: number
  readonly pageSize: number
}

export type IgnoredPage = { readonly items: IgnoredPassage[]; readonly total: number }

/** The ignored passages of a library, newest first. */
export async function listIgnoredPassages(
  db: Database,
  { dnaDbId, videoId, page, pageSize }: IgnoredQuery,
): Promise<IgnoredPage> {
  const where =
    'where l.dna_db_id = $1 and not i.is_draft and not i.held and ($2::text is null or i.video_id = $2)'
  const of = [dnaDbId, videoId ?? null]
  const { rows: items } = await db.pool.query<IgnoredPassage>(
    `select ${IGNORED_COLUMNS} ${FROM} ${where} order by i.created_at desc, i.ignored_id limit $3 offset $4`,
    [...of, pageSize, (page - 1) * pageSize],
  )
  const { rows } = await db.pool.query<{ total: number }>(
    `select count(*)::int as total ${FROM} ${where}`,
    of,
  )
  return { items, total: rows[0]?.total ?? 0 }
}

/** Restores what the rule took away: its passages count again at once. False if the library has no such rule. */
export function restorePassage(
  db: Database,
  { dnaDbId, ignoredId, by }: IgnoredKey & { readonly by: string | null },
): Promise<boolean> {
  return transaction(db, async (client) => {
    const { rowCount } = await client.query(
      `update ignored_passages i set is_draft = true from libraries l
       where l.number = i.library_number and l.dna_db_id = $1 and i.ignored_id = $2 and not i.is_draft and not i.held`,
      [dnaDbId, ignoredId],
    )
    if (rowCount === 0) return false
    await applyToMatches(client, { ignoredId, by, kind: 'restored' })
    await client.query('delete from ignored_passages where ignored_id = $1', [ignoredId])
    return true
  })
}
