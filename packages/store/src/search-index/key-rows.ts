import type { TimedKeys } from '@kinoprint/dna'
import type { Database, Queryable } from '../database.ts'
import { type KeyKind, partitionName } from './partitions.ts'

type FingerprintKeys = {
  readonly kind: KeyKind
  readonly libraryNumber: number
  readonly fingerprintId: number
}

/** Adds index rows of keys: one for each frame, or each stretch of sound. */
export async function insertKeys(
  client: Queryable,
  { kind, libraryNumber, fingerprintId }: FingerprintKeys,
  moments: readonly TimedKeys[],
): Promise<void> {
  await client.query(
    `insert into ${partitionName(kind, libraryNumber)} (library_number, fingerprint_id, time_ms, keys)
     select $1, $2, t, k::int[] from unnest($3::int[], $4::text[]) as given (t, k)`,
    [libraryNumber, fingerprintId, moments.map(({ timeMs }) => timeMs), moments.map(asArray)],
  )
}

/** Reads the index rows of a fingerprint's keys. */
export async function readKeys(
  client: Queryable,
  { kind, libraryNumber, fingerprintId }: FingerprintKeys,
): Promise<TimedKeys[]> {
  const { rows } = await client.query<TimedKeys>(
    `select time_ms as "timeMs", keys from ${partitionName(kind, libraryNumber)}
     where fingerprint_id = $1 order by time_ms`,
    [fingerprintId],
  )
  return rows
}

/** A row that shares keys with a moment of a query. */
export type KeyRow = {
  /** Position of the query's moment, from 1. */
  readonly query: number
  readonly fingerprintId: string
  readonly refMs: number
  /** All keys of the row, separated by commas. */
  readonly keys: string
}

/**
 * Most rows for one moment of a query. What more moments have, such as a logo on black or a steady tone, tells nothing. A
 * library of 1,000 hours has 110 for a usual frame, and 160 for five seconds of sound.
 */
const MAX_ROWS = 2000
/** Moments per statement. A statement blocks the embedded database and may take up to 30 ms. */
const MOMENTS_EMBEDDED = 8
const MOMENTS_SERVER = 80

/** Returns the index rows that have at least one key of each moment. */
export async function rowsWithKeys(
  db: Database,
  { kind, libraryNumber }: Pick<FingerprintKeys, 'kind' | 'libraryNumber'>,
  moments: readonly TimedKeys[],
): Promise<KeyRow[]> {
  const size = db.embedded ? MOMENTS_EMBEDDED : MOMENTS_SERVER
  // Up to 160,000 rows: as arguments of one call they would exceed its stack.
  const found: KeyRow[][] = []
  for (let from = 0; from < moments.length; from += size) {
    const { rows } = await db.pool.query<KeyRow>(
      `select query + $4 as query, fingerprint_id as "fingerprintId", time_ms as "refMs", keys
       from rows_with_keys($1::regclass, $2::text[], $3)`,
      [partitionName(kind, libraryNumber), moments.slice(from, from + size).map(asArray), MAX_ROWS, from],
    )
    found.push(rows)
  }
  return found.flat()
}

/** The keys as input for PostgreSQL's `int[]`. An array of arrays would have to be rectangular. */
function asArray({ keys }: TimedKeys): string {
  return `{${keys.join(',')}}`
}
