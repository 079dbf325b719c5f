import { errorCode } from '@kinoprint/core'
import type { Probe } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { libraryNumber, unknownLibrary } from '../libraries.ts'
import { toArray, toBits } from '../search-index/hash-bits.ts'
import { HASH_TYPE, type IndexKind, indexKinds, partitionName } from '../search-index/partitions.ts'
import { transaction } from '../transaction.ts'
import { removeFingerprint } from './videos.ts'

export type StagedFingerprint = {
  readonly dnaDbId: string
  /** Version of the format of `data`. */
  readonly format: number
  readonly data: Uint8Array
  readonly video: readonly Probe[]
  readonly audio: readonly Probe[]
  /** Called between batches with 0..1. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Index rows a statement: embedded, where nothing else is answered meanwhile, none may take over 30 ms. */
const ROWS_EMBEDDED = 50
const ROWS_SERVER = 500

/** A table that is gone (42P01) or a row that is (23503): the library was deleted meanwhile. */
const GONE = new Set(['42P01', '23503'])

/**
 * Writes the fingerprint and its index rows in small statements. Nobody sees any of it until publishVideo; what
 * is never published, discardFingerprint or the sweep takes away.
 */
export const stageFingerprint = async (db: Database, fingerprint: StagedFingerprint): Promise<number> => {
  const { dnaDbId, format, data } = fingerprint
  const number = await libraryNumber(db.pool, dnaDbId)
  try {
    const { rows } = await db.pool.query<{ id: string }>(
      'insert into fingerprints (library_number, format, data) values ($1, $2, $3) returning id',
      [number, format, Buffer.from(data.buffer, data.byteOffset, data.byteLength)],
    )
    const fingerprintId = Number(rows[0]?.id)
    const place = { number, fingerprintId }
    try {
      await indexRows(db, place, fingerprint)
    } catch (error) {
      // What cannot be taken away now, the sweep finds later.
      await discardFingerprint(db, fingerprintId).catch(() => {})
      throw error
    }
    return fingerprintId
  } catch (error) {
    throw GONE.has(errorCode(error)) ? unknownLibrary(dnaDbId) : error
  }
}

type Place = { readonly number: number; readonly fingerprintId: number }

const indexRows = async (
  db: Database,
  { number, fingerprintId }: Place,
  { video, audio, onProgress, signal }: StagedFingerprint,
): Promise<void> => {
  const size = db.embedded ? ROWS_EMBEDDED : ROWS_SERVER
  const hashes: Record<IndexKind, readonly Probe[]> = { video, audio }
  const total = video.length + audio.length
  let written = 0
  for (const kind of indexKinds) {
    for (let from = 0; from < hashes[kind].length; from += size) {
      signal?.throwIfAborted()
      const batch = hashes[kind].slice(from, from + size)
      await db.pool.query(
        `insert into ${partitionName(kind, number)} (library_number, fingerprint_id, time_ms, hash)
         select $1, $2, t, h from unnest($3::int[], $4::${HASH_TYPE}[]) as given (t, h)`,
        [
          number,
          fingerprintId,
          toArray(batch.map(({ timeMs }) => timeMs)),
          toArray(batch.map(({ hash }) => toBits(hash))),
        ],
      )
      written += batch.length
      onProgress?.(written / total)
    }
  }
}

/** Takes a staged fingerprint away again; one that a video points to stays. */
export const discardFingerprint = (db: Database, fingerprintId: number): Promise<void> =>
  transaction(db, async (client) => {
    const { rows } = await client.query<{ number: number }>(
      `select library_number as number from fingerprints f
       where id = $1 and not exists (select from videos v where v.fingerprint_id = f.id) for update`,
      [fingerprintId],
    )
    if (rows[0] === undefined) return
    await removeFingerprint(client, { libraryNumber: rows[0].number, fingerprintId })
  })

/** Longer than any job takes from staging to publishing. */
const ORPHAN_MS = 6 * 3_600_000
const SWEEP_LIMIT = 1_000

/** Discards what a killed worker staged and nobody published; answers how many there were. */
export const sweepOrphanFingerprints = async (
  db: Database,
  { olderThanMs = ORPHAN_MS }: { readonly olderThanMs?: number } = {},
): Promise<number> => {
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from fingerprints f where staged_at <= clock_timestamp() - $1 * interval '1 millisecond'
       and not exists (select from videos v where v.fingerprint_id = f.id) limit $2`,
    [olderThanMs, SWEEP_LIMIT],
  )
  for (const { id } of rows) await discardFingerprint(db, Number(id))
  return rows.length
}

export type LoadedFingerprint = {
  readonly data: Uint8Array
  readonly format: number
  readonly durationSeconds: number
  readonly object: string
}

/** About 250 KB each for half an hour of video: a few at a time keep statement and memory small. */
const LOAD_EMBEDDED = 4
const LOAD_SERVER = 16

/** The packed fingerprints of these videos; a video that is gone by now is simply missing. */
export const loadFingerprints = async (
  db: Database,
  { dnaDbId, videoIds }: { readonly dnaDbId: string; readonly videoIds: readonly string[] },
): Promise<Map<string, LoadedFingerprint>> => {
  const size = db.embedded ? LOAD_EMBEDDED : LOAD_SERVER
  const loaded = new Map<string, LoadedFingerprint>()
  for (let from = 0; from < videoIds.length; from += size) {
    const { rows } = await db.pool.query<LoadedFingerprint & { videoId: string }>(
      `select v.video_id as "videoId", v.object, v.duration_seconds as "durationSeconds", f.format, f.data
       from videos v join libraries l on l.number = v.library_number join fingerprints f on f.id = v.fingerprint_id
       where l.dna_db_id = $1 and v.video_id = any($2)`,
      [dnaDbId, videoIds.slice(from, from + size)],
    )
    for (const { videoId, ...fingerprint } of rows) loaded.set(videoId, fingerprint)
  }
  return loaded
}
