import type { TimedHash, TimedKeys } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { toBits } from './hash-bits.ts'
import { insertKeypoints, readKeypoints } from './keypoint-rows.ts'
import { HASH_TYPE, type IndexKind, indexKinds, partitionName } from './partitions.ts'

/** A row of the search index. A hash that was read from the database is text of 256 bits. */
type IndexRow = { readonly timeMs: number; readonly hash: TimedHash['hash'] | string }

/** The rows of the search index of a fingerprint: frame hashes, audio hashes and keypoints. */
export type IndexRows = Readonly<Record<IndexKind, readonly IndexRow[]>> & {
  /** Default: none. */
  readonly keypoints?: readonly TimedKeys[] | undefined
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
  { onProgress, signal, keypoints = [], ...hashes }: IndexRows,
): Promise<void> {
  const size = db.embedded ? ROWS_EMBEDDED : ROWS_SERVER
  const total = indexKinds.reduce((sum, kind) => sum + hashes[kind].length, keypoints.length)
  let written = 0
  for (const kind of indexKinds) {
    for (let from = 0; from < hashes[kind].length; from += size) {
      signal?.throwIfAborted()
      const batch = hashes[kind].slice(from, from + size)
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
  for (let from = 0; from < keypoints.length; from += size) {
    signal?.throwIfAborted()
    const batch = keypoints.slice(from, from + size)
    await insertKeypoints(db.pool, { libraryNumber, fingerprintId, keypoints: batch })
    written += batch.length
    onProgress?.(written / total)
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
    keypoints: await readKeypoints(db.pool, { libraryNumber, fingerprintId }),
  }
}
