import { errorCode } from '@kinoprint/core'
import { INDEX_VERSION, type TimedHash } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { libraryNumberOf, unknownLibrary } from '../libraries.ts'
import { toBits } from '../search-index/hash-bits.ts'
import { HASH_TYPE, type IndexKind, indexKinds, partitionName } from '../search-index/partitions.ts'
import { transaction } from '../transaction.ts'
import { removeFingerprint } from './videos.ts'

export type StagedFingerprint = {
  readonly dnaDbId: string
  /** Version of the packed format. */
  readonly format: number
  /** The packed fingerprint. */
  readonly data: Uint8Array
  /** Frame hashes and audio hashes of the search index. */
  readonly video: readonly TimedHash[]
  readonly audio: readonly TimedHash[]
  /** Receives 0..1 after each batch. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Index rows per statement. A statement blocks the embedded database and may take up to 30 ms. */
const ROWS_EMBEDDED = 50
const ROWS_SERVER = 500

/** undefined_table or foreign_key_violation: the library was deleted in the meantime. */
const LIBRARY_DELETED = new Set(['42P01', '23503'])

/**
 * Writes a fingerprint and its index rows in small statements, and returns its id. Searches ignore it until publishVideo.
 * Delete one that is not published with discardFingerprint; sweepOrphanFingerprints deletes forgotten ones.
 *
 * @throws Fault InvalidArgument if there is no such library.
 */
export async function stageFingerprint(db: Database, fingerprint: StagedFingerprint): Promise<number> {
  const { dnaDbId, format, data } = fingerprint
  const number = await libraryNumberOf(db.pool, dnaDbId)
  try {
    const { rows } = await db.pool.query<{ id: string }>(
      'insert into fingerprints (library_number, format, index_version, data) values ($1, $2, $3, $4) returning id',
      [number, format, INDEX_VERSION, Buffer.from(data.buffer, data.byteOffset, data.byteLength)],
    )
    const fingerprintId = Number(rows[0]?.id)
    const staged = { number, fingerprintId }
    try {
      await writeIndexRows(db, staged, fingerprint)
    } catch (error) {
      // If this fails too, the sweep deletes it later.
      await discardFingerprint(db, fingerprintId).catch(() => {})
      throw error
    }
    return fingerprintId
  } catch (error) {
    throw LIBRARY_DELETED.has(errorCode(error)) ? unknownLibrary(dnaDbId) : error
  }
}

type Staged = { readonly number: number; readonly fingerprintId: number }

async function writeIndexRows(
  db: Database,
  { number, fingerprintId }: Staged,
  { video, audio, onProgress, signal }: StagedFingerprint,
): Promise<void> {
  const size = db.embedded ? ROWS_EMBEDDED : ROWS_SERVER
  const hashes: Record<IndexKind, readonly TimedHash[]> = { video, audio }
  const total = video.length + audio.length
  let written = 0
  for (const kind of indexKinds) {
    for (let from = 0; from < hashes[kind].length; from += size) {
      signal?.throwIfAborted()
      const batch = hashes[kind].slice(from, from + size)
      await db.pool.query(
        `insert into ${partitionName(kind, number)} (library_number, fingerprint_id, time_ms, hash)
         select $1, $2, t, h from unnest($3::int[], $4::${HASH_TYPE}[]) as given (t, h)`,
        [number, fingerprintId, batch.map(({ timeMs }) => timeMs), batch.map(({ hash }) => toBits(hash))],
      )
      written += batch.length
      onProgress?.(written / total)
    }
  }
}

/** Deletes a staged fingerprint. One that belongs to a video stays. */
export function discardFingerprint(db: Database, fingerprintId: number): Promise<void> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<{ number: number }>(
      `select library_number as number from fingerprints f
       where id = $1 and not exists (select from videos v where v.fingerprint_id = f.id) for update`,
      [fingerprintId],
    )
    if (rows[0] === undefined) return
    await removeFingerprint(client, { libraryNumber: rows[0].number, fingerprintId })
  })
}

/** Longer than any job takes from staging to publishing. */
const ORPHAN_AGE_MS = 6 * 3_600_000
const SWEEP_LIMIT = 1_000

/** Deletes fingerprints that killed workers staged and never published. Returns their number, at most 1,000 per call. */
export async function sweepOrphanFingerprints(
  db: Database,
  { olderThanMs = ORPHAN_AGE_MS }: { readonly olderThanMs?: number } = {},
): Promise<number> {
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

/** Fingerprints per statement. One of 30 min takes about 250 kB. */
const LOAD_EMBEDDED = 4
const LOAD_SERVER = 16

/** Returns the packed fingerprints of these videos, by VideoId. Deleted videos are absent. */
export async function loadFingerprints(
  db: Database,
  { dnaDbId, videoIds }: { readonly dnaDbId: string; readonly videoIds: readonly string[] },
): Promise<Map<string, LoadedFingerprint>> {
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
