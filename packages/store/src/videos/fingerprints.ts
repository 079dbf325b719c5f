import { batchesOf, errorCode } from '@kinoprint/core'
import { INDEX_VERSION } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { libraryNumberOf, unknownLibrary } from '../libraries.ts'
import { type IndexRows, insertFingerprint, writeIndexRows } from '../search-index/index-rows.ts'
import { chooseHome } from '../shards/choose-home.ts'
import { type Home, loadFromShards } from '../shards/read-from-shards.ts'
import { onShard } from '../shards/shards.ts'
import { transaction } from '../transaction.ts'
import { removeFingerprint } from './videos.ts'

export type StagedFingerprint = IndexRows & {
  readonly dnaDbId: string
  /** Version of the packed format. */
  readonly format: number
  /** The packed fingerprint. */
  readonly data: Uint8Array
}

/** The data of a fingerprint in the primary, if a shard has it. */
const NO_DATA = new Uint8Array()

/** undefined_table or foreign_key_violation: the library was deleted in the meantime. */
const LIBRARY_DELETED = new Set(['42P01', '23503'])

/**
 * Writes a fingerprint and its index rows in small statements, and returns its id. Searches ignore it until publishVideo.
 * Delete one that is not published with discardFingerprint; sweepOrphanFingerprints deletes forgotten ones.
 *
 * @throws Fault InvalidArgument if there is no such library; ShardUnavailable if it belongs on a shard that is away.
 */
export async function stageFingerprint(db: Database, fingerprint: StagedFingerprint): Promise<number> {
  const { dnaDbId } = fingerprint
  const number = await libraryNumberOf(db.pool, dnaDbId)
  try {
    return await stageInLibrary(db, number, fingerprint)
  } catch (error) {
    throw LIBRARY_DELETED.has(errorCode(error)) ? unknownLibrary(dnaDbId) : error
  }
}

async function stageInLibrary(
  db: Database,
  libraryNumber: number,
  { format, data, ...rows }: StagedFingerprint,
): Promise<number> {
  const { fingerprintId, shard } = await chooseHome(db, libraryNumber)
  const content = { fingerprintId, libraryNumber, format, indexVersion: INDEX_VERSION, data }
  try {
    if (shard === null) {
      await insertFingerprint(db, content)
      await writeIndexRows(db, { fingerprintId, libraryNumber }, rows)
    } else {
      // The primary names it first, so that it is known what to sweep if this process dies.
      await insertFingerprint(db, { ...content, data: NO_DATA, shard })
      await onShard(db, shard, async (server) => {
        await insertFingerprint(server, content)
        await writeIndexRows(server, { fingerprintId, libraryNumber }, rows)
      })
    }
  } catch (error) {
    // If this fails too, the sweep deletes it later.
    await discardFingerprint(db, fingerprintId).catch(() => {})
    throw error
  }
  return fingerprintId
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

/**
 * Returns the packed fingerprints of these videos, by VideoId. Deleted videos are absent, and those of a shard that is
 * away if `db` tolerates that.
 */
export async function loadFingerprints(
  db: Database,
  { dnaDbId, videoIds }: { readonly dnaDbId: string; readonly videoIds: readonly string[] },
): Promise<Map<string, LoadedFingerprint>> {
  const size = db.embedded ? LOAD_EMBEDDED : LOAD_SERVER
  const loaded = new Map<string, LoadedFingerprint>()
  for (const batch of batchesOf(videoIds, size)) {
    const { rows } = await db.pool.query<LoadedFingerprint & Home & { videoId: string }>(
      `select v.video_id as "videoId", v.object, v.duration_seconds as "durationSeconds", f.format, f.data,
         f.id as "fingerprintId", f.shard
       from videos v join libraries l on l.number = v.library_number join fingerprints f on f.id = v.fingerprint_id
       where l.dna_db_id = $1 and v.video_id = any($2)`,
      [dnaDbId, batch],
    )
    const sharded = await loadFromShards(db, rows)
    for (const { videoId, shard, fingerprintId, ...fingerprint } of rows) {
      const data = shard === null ? fingerprint.data : sharded.get(fingerprintId)
      if (data !== undefined) loaded.set(videoId, { ...fingerprint, data })
    }
  }
  return loaded
}
