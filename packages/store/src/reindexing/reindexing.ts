import { Fault, type Page, type PageBounds, pageOf, pageWindow } from '@kinoprint/core'
import { FORMAT_VERSION, INDEX_VERSION } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { libraryNumberOf } from '../libraries.ts'
import { transaction } from '../transaction.ts'

type ReindexingScope = 'outdated' | 'all'

export type Reindexing = {
  readonly reindexingId: number
  readonly state: 'Running' | 'Done' | 'Stopped'
  readonly scope: ReindexingScope
  /** Null for every library. */
  readonly dnaDbId: string | null
  /** Null for no limit. */
  readonly videosPerMinute: number | null
  /** Videos that it covers, as counted at the start. */
  readonly total: number
  /** Videos whose fingerprint was made again from the object. */
  readonly decoded: number
  /** Videos whose index rows were made again from the stored fingerprint. */
  readonly rebuilt: number
  /** Videos whose fingerprint stays outdated. */
  readonly failed: number
  readonly startedAt: Date
  readonly endedAt: Date | null
}

const COLUMNS = `reindexing_id::float8 as "reindexingId", state, scope, dna_db_id as "dnaDbId",
  videos_per_minute as "videosPerMinute", total, decoded, rebuilt, failed, started_at as "startedAt",
  ended_at as "endedAt"`

/** Videos with a fingerprint or index rows of an older version. */
const OUTDATED = '(f.format < $1 or f.index_version < $2)'
const VERSIONS = [FORMAT_VERSION, INDEX_VERSION]

/** The versions of new fingerprints and of the index rows that are derived from them. */
export const CURRENT_VERSIONS = { format: FORMAT_VERSION, indexVersion: INDEX_VERSION }

/** Outdated videos of a library. */
type OutdatedLibrary = { readonly dnaDbId: string; readonly name: string; readonly videos: number }

/** Returns the libraries that have outdated videos, by name. */
export async function readOutdated(db: Database): Promise<OutdatedLibrary[]> {
  const { rows } = await db.pool.query<OutdatedLibrary>(
    `select l.dna_db_id as "dnaDbId", l.name, count(*)::int as videos
     from fingerprints f join videos v on v.fingerprint_id = f.id join libraries l on l.number = v.library_number
     where ${OUTDATED} group by l.dna_db_id, l.name order by l.name, l.dna_db_id`,
    VERSIONS,
  )
  return rows
}

export type NewReindexing = {
  readonly scope: ReindexingScope
  readonly dnaDbId?: string | undefined
  readonly videosPerMinute?: number | undefined
}

/**
 * Starts re-indexing. Workers continue it until it is done or stopped.
 *
 * @throws Fault Conflict if one is running, InvalidArgument if there is no such library.
 */
export function startReindexing(
  db: Database,
  { scope, dnaDbId, videosPerMinute }: NewReindexing,
): Promise<Reindexing> {
  return transaction(db, async (client) => {
    const number = dnaDbId === undefined ? null : await libraryNumberOf(client, dnaDbId)
    const { rows } = await client.query<Reindexing>(
      `insert into reindexings (scope, dna_db_id, videos_per_minute, format, index_version, last_id, total)
       select $3, $4, $5, $1, $2, coalesce(max(f.id), 0), count(*)
       from fingerprints f join videos v on v.fingerprint_id = f.id
       where ($3 = 'all' or ${OUTDATED}) and ($6::int is null or f.library_number = $6)
       on conflict do nothing returning ${COLUMNS}`,
      [...VERSIONS, scope, dnaDbId ?? null, videosPerMinute ?? null, number],
    )
    if (rows[0] !== undefined) return rows[0]
    throw new Fault('Conflict', 'Re-indexing is running already. Stop it first, or wait until it is done.')
  })
}

/** The last re-indexing; null if there has been none. */
export async function readReindexing(db: Database): Promise<Reindexing | null> {
  const { rows } = await db.pool.query<Reindexing>(
    `select ${COLUMNS} from reindexings order by reindexing_id desc limit 1`,
  )
  return rows[0] ?? null
}

/** Stops the running one after the video in progress; null if none is running. */
export async function stopReindexing(db: Database): Promise<Reindexing | null> {
  const { rows } = await db.pool.query<Reindexing>(
    `update reindexings set state = 'Stopped', ended_at = clock_timestamp() where state = 'Running'
     returning ${COLUMNS}`,
  )
  return rows[0] ?? null
}

export type ReindexingFailure = {
  readonly videoId: string
  readonly dnaDbId: string
  readonly bucket: string
  readonly object: string
  readonly reason: string
}

/** The videos that the last re-indexing left as they were, in the order of their ids. */
export async function listReindexingFailures(
  db: Database,
  page: PageBounds,
): Promise<Page<ReindexingFailure>> {
  const { limit, offset } = pageWindow(page)
  const last = '(select max(reindexing_id) from reindexings)'
  const { rows } = await db.pool.query<ReindexingFailure>(
    `select v.video_id as "videoId", l.dna_db_id as "dnaDbId", v.bucket, v.object, r.reason
     from reindexing_failures r join videos v using (video_id) join libraries l on l.number = v.library_number
     where r.reindexing_id = ${last} order by v.video_id limit $1 offset $2`,
    [limit, offset],
  )
  const { rows: counted } = await db.pool.query<{ total: number }>(
    `select count(*)::int as total from reindexing_failures where reindexing_id = ${last}`,
  )
  return pageOf(rows, { filter: page, total: counted[0]?.total ?? 0 })
}
