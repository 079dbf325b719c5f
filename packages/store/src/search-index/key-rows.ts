import { batchesOf } from '@kinoprint/core'
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
 * Keys that are looked up together. PostgreSQL compares each row that it finds with each of them: a statement of 96 keys a
 * probe takes twice as long.
 */
const KEYS_PER_PROBE = 25
/**
 * Most rows for these keys. What more moments have, such as a logo on black or a steady tone, tells little. Among 1,000 hours,
 * 500 rows take 1.4 times as much CPU as 200, and rank 7 more of 570 sources among the first four.
 */
const MAX_ROWS = 300
/** Probes per statement. A statement blocks the embedded database and may take up to 30 ms. */
const PROBES_EMBEDDED = 32
const PROBES_SERVER = 500

/** Returns the index rows that have at least one key of each moment. A row may occur more than once. */
export async function rowsWithKeys(
  db: Database,
  { kind, libraryNumber }: Pick<FingerprintKeys, 'kind' | 'libraryNumber'>,
  moments: readonly TimedKeys[],
): Promise<KeyRow[]> {
  const probes = moments.flatMap(({ keys }, i) =>
    batchesOf(keys, KEYS_PER_PROBE).map((some) => ({ moment: i + 1, keys: some })),
  )
  const size = db.embedded ? PROBES_EMBEDDED : PROBES_SERVER
  // Up to 300,000 rows: as arguments of one call they would exceed its stack.
  const found: KeyRow[][] = []
  for (const batch of batchesOf(probes, size)) {
    const { rows } = await db.pool.query<KeyRow>(
      `select ($4::int[])[query] as query, fingerprint_id as "fingerprintId", time_ms as "refMs", keys
       from rows_with_keys($1::regclass, $2::text[], $3)`,
      [partitionName(kind, libraryNumber), batch.map(asArray), MAX_ROWS, batch.map(({ moment }) => moment)],
    )
    found.push(rows)
  }
  return found.flat()
}

/** The keys as input for PostgreSQL's `int[]`. An array of arrays would have to be rectangular. */
function asArray({ keys }: Pick<TimedKeys, 'keys'>): string {
  return `{${keys.join(',')}}`
}
