import type { TimedKeys } from '@kinoprint/dna'
import type { Database, Queryable } from '../database.ts'
import { partitionName } from './partitions.ts'

export type KeypointRows = {
  readonly libraryNumber: number
  readonly fingerprintId: number
  readonly keypoints: readonly TimedKeys[]
}

/** Adds index rows of keypoints: one for each frame. */
export async function insertKeypoints(
  client: Queryable,
  { libraryNumber, fingerprintId, keypoints }: KeypointRows,
): Promise<void> {
  await client.query(
    `insert into ${partitionName('keypoints', libraryNumber)} (library_number, fingerprint_id, time_ms, keys)
     select $1, $2, t, k::int[] from unnest($3::int[], $4::text[]) as given (t, k)`,
    [libraryNumber, fingerprintId, keypoints.map(({ timeMs }) => timeMs), keypoints.map(asArray)],
  )
}

/** Reads the index rows of a fingerprint's keypoints. */
export async function readKeypoints(
  client: Queryable,
  { libraryNumber, fingerprintId }: Omit<KeypointRows, 'keypoints'>,
): Promise<TimedKeys[]> {
  const { rows } = await client.query<TimedKeys>(
    `select time_ms as "timeMs", keys from ${partitionName('keypoints', libraryNumber)}
     where fingerprint_id = $1 order by time_ms`,
    [fingerprintId],
  )
  return rows
}

/** A row that shares keys with a frame of a query. */
export type KeypointRow = {
  /** Position of the query's frame, from 1. */
  readonly query: number
  readonly fingerprintId: string
  readonly refMs: number
  /** All keys of the row, separated by commas. */
  readonly keys: string
}

/**
 * Most rows for one frame of a query. What more frames show, such as a logo on black, tells nothing. A library of 1,000
 * hours has 110 for a usual frame.
 */
const MAX_ROWS = 2000
/** Frames per statement. A statement blocks the embedded database and may take up to 30 ms. */
const FRAMES_EMBEDDED = 8
const FRAMES_SERVER = 80

/** Returns the index rows that have at least one key of each frame. */
export async function rowsWithKeys(
  db: Database,
  libraryNumber: number,
  frames: readonly TimedKeys[],
): Promise<KeypointRow[]> {
  const size = db.embedded ? FRAMES_EMBEDDED : FRAMES_SERVER
  // Up to 160,000 rows: as arguments of one call they would exceed its stack.
  const found: KeypointRow[][] = []
  for (let from = 0; from < frames.length; from += size) {
    const { rows } = await db.pool.query<KeypointRow>(
      `select query + $4 as query, fingerprint_id as "fingerprintId", time_ms as "refMs", keys
       from rows_with_keys($1::regclass, $2::text[], $3)`,
      [
        partitionName('keypoints', libraryNumber),
        frames.slice(from, from + size).map(asArray),
        MAX_ROWS,
        from,
      ],
    )
    found.push(rows)
  }
  return found.flat()
}

/** The keys as input for PostgreSQL's `int[]`. An array of arrays would have to be rectangular. */
function asArray({ keys }: TimedKeys): string {
  return `{${keys.join(',')}}`
}
