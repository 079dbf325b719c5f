import { batchesOf } from '@kinoprint/core'
import type { TimedHash, TimedKeys } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { toBits } from './hash-bits.ts'
import { insertKeys, readKeys } from './key-rows.ts'
import { HASH_TYPE, type IndexKind, indexKinds, type KeyKind, keyKinds, partitionName } from './partitions.ts'

/** A row of the search index. A hash that was read from the database is text of 256 bits. */
type IndexRow = { readonly timeMs: number; readonly hash: TimedHash['hash'] | string }

/** The rows of the search index of a fingerprint: hashes of frames and audio, keys of keypoints and landmarks. */
export type IndexRows = Readonly<
  Record<IndexKind, readonly IndexRow[]> & Record<KeyKind, readonly TimedKeys[]>
> & {
  /** Receives 0..1 after each batch. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export type FingerprintKey = { readonly libraryNumber: number; readonly fingerprintId: number }

/** Index rows per statement. A statement blocks the embedded database and may take up to 30 ms. */
const ROWS_EMBEDDED = 50
const ROWS_SERVER = 500

export type FingerprintContent = FingerprintKey & {
  readonly format: number
  readonly indexVersion: number
  readonly data: Uint8Array
  /** The shard that has the data; null (the default) for this server. */
  readonly shard?: string | null
}

/** Inserts the row of a fingerprint under an id that the primary has given. */
export async function insertFingerprint(
  db: Database,
  { fingerprintId, libraryNumber, format, indexVersion, data, shard = null }: FingerprintContent,
): Promise<void> {
  await db.pool.query(
    `insert into fingerprints (id, library_number, format, index_version, data, shard) overriding system value
     values ($1, $2, $3, $4, $5, $6)`,
    [
      fingerprintId,
      libraryNumber,
      format,
      indexVersion,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
      shard,
    ],
  )
}

/** Writes index rows in small statements. */
export async function writeIndexRows(
  db: Database,
  { libraryNumber, fingerprintId }: FingerprintKey,
  { onProgress, signal, ...rows }: IndexRows,
): Promise<void> {
  const size = db.embedded ? ROWS_EMBEDDED : ROWS_SERVER
  const total = [...indexKinds, ...keyKinds].reduce((sum, kind) => sum + rows[kind].length, 0)
  let written = 0
  for (const kind of indexKinds) {
    for (const batch of batchesOf(rows[kind], size)) {
      signal?.throwIfAborted()
      await db.pool.query(
        `insert into ${partitionName(kind, libraryNumber)} (library_number, fingerprint_id, time_ms, hash)
         select $1, $2, t, h from unnest($3::int[], $4::${HASH_TYPE}[]) as given (t, h)`,
        [
          libraryNumber,
          fingerprintId,
          batch.map(({ timeMs }) => timeMs),
          batch.map(({ hash }) => (typeof hash === 'string' ? hash : toBits(hash))),
        ],
      )
      written += batch.length
      onProgress?.(written / total)
    }
  }
  for (const kind of keyKinds) {
    for (const batch of batchesOf(rows[kind], size)) {
      signal?.throwIfAborted()
      await insertKeys(db.pool, { kind, libraryNumber, fingerprintId }, batch)
      written += batch.length
      onProgress?.(written / total)
    }
  }
}

/** Reads the index rows of a fingerprint, to copy them to another server. */
export async function readIndexRows(
  db: Database,
  { libraryNumber, fingerprintId }: FingerprintKey,
): Promise<IndexRows> {
  const read = async (kind: IndexKind): Promise<IndexRow[]> => {
    const { rows } = await db.pool.query<IndexRow>(
      `select time_ms as "timeMs", hash::text as hash from ${partitionName(kind, libraryNumber)}
       where fingerprint_id = $1 order by time_ms`,
      [fingerprintId],
    )
    return rows
  }
  return {
    video: await read('video'),
    audio: await read('audio'),
    keypoints: await readKeys(db.pool, { kind: 'keypoints', libraryNumber, fingerprintId }),
    landmarks: await readKeys(db.pool, { kind: 'landmarks', libraryNumber, fingerprintId }),
  }
}
