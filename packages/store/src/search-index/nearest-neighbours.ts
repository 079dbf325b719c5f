import {
  BUCKET_KEY_BITS,
  LONG_KEY_BITS,
  MATCH_THRESHOLDS,
  multiProbeBuckets,
  type TimedHash,
} from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { askShards, indexSizesOnShards } from '../shards/ask-shards.ts'
import { toBits } from './hash-bits.ts'
import { longKeySql, readIndexSize } from './long-keys.ts'
import { HASH_TYPE, type IndexKind, partitionName } from './partitions.ts'

/** Libraries with fewer rows are compared row by row, which takes milliseconds per query hash and misses nothing. */
const MIN_INDEXED_ROWS = 10_000
/** Mean number of rows per bucket, within a factor of 1.4. */
const ROWS_PER_BUCKET = 16
/** Number of buckets probed per query hash, most likely first. */
const BUCKETS = 64
/**
 * With more key bits than this (over 4 million rows), a copy is more often in none of the first 64 buckets. A search
 * without a strong match then probes as many again at 19 bits, and up to 256 in total above 19 bits. Measured at 10,000
 * hours with at least 62 of 256 bits changed in a quarter of the hashes: 64 buckets found 89 of 96 videos, 256 found
 * all at three times the cost.
 */
const BUCKETS_KEY_BITS = 18
const MAX_BUCKETS = 256
/**
 * With long keys, twice as many buckets are probed: at 28 bits they contain as many of a copy's rows as half of them do at 24
 * bits, and a fraction of the others. See decision 0006.
 */
const LONG_KEY_FACTOR = 2
/**
 * Maximum number of rows compared per bucket. Black frames with a logo, or a scene that was stored thousands of times,
 * fill whole buckets.
 */
const MAX_ROWS_PER_BUCKET = 2_000
/** Size of a row in its table, including its header, in bytes. */
const ROW_BYTES = 93

type KeyOptions = {
  /** Default: 10,000. */
  readonly minIndexedRows?: number | undefined
  /** Default: 16. */
  readonly rowsPerBucket?: number | undefined
  /** Whether the index has long keys. Default: false. */
  readonly hasLongKeys?: boolean
}

/** Number of key bits to use for an index of this size; null means comparing row by row. */
export function keyBitsFor(
  rows: number,
  {
    minIndexedRows = MIN_INDEXED_ROWS,
    rowsPerBucket = ROWS_PER_BUCKET,
    hasLongKeys = false,
  }: KeyOptions = {},
): number | null {
  if (rows < minIndexedRows) return null
  const most = hasLongKeys ? LONG_KEY_BITS : BUCKET_KEY_BITS
  return Math.min(Math.max(Math.round(Math.log2(rows / rowsPerBucket)), 0), most)
}

/** Range of buckets to probe for each query hash, by their rank in likelihood; `to` is exclusive. */
export type BucketRange = { readonly from: number; readonly to: number }

/** The buckets to probe first or, with `further`, those after them; none in a small index. */
export function bucketRange(keyBits: number, { further }: { readonly further: boolean }): BucketRange {
  const factor = keyBits > BUCKET_KEY_BITS ? LONG_KEY_FACTOR : 1
  const first = BUCKETS * factor
  const all = Math.min(MAX_BUCKETS, BUCKETS * 2 ** Math.max(0, keyBits - BUCKETS_KEY_BITS)) * factor
  return further ? { from: first, to: all } : { from: 0, to: Math.min(first, 2 ** keyBits) }
}

/** Number of index rows of a library, estimated from the size of its tables. */
export type RowEstimate = {
  /** In the primary and on all shards together. */
  readonly rows: number
  /** The shards that have rows and can be reached. */
  readonly shards: readonly string[]
  /** Whether all of these servers have an index over long keys. */
  readonly hasLongKeys: boolean
}

/** Estimates the index rows of a library, in the primary and on the named shards. */
export async function estimateRows(
  db: Database,
  { kind, libraryNumber, shards = [] }: IndexOfLibrary,
): Promise<RowEstimate> {
  const own = readIndexSize(db, { kind, libraryNumber })
  const [size, others] = await Promise.all([own, indexSizesOnShards(db, { kind, libraryNumber, shards })])
  const used = [size, ...others.values()].filter(({ bytes }) => bytes > 0)
  return {
    rows: used.reduce((sum, { bytes }) => sum + bytes, 0) / ROW_BYTES,
    shards: shards.filter((name) => (others.get(name)?.bytes ?? 0) > 0),
    hasLongKeys: used.length > 0 && used.every(({ hasLongKeys }) => hasLongKeys),
  }
}

type IndexOfLibrary = {
  readonly kind: IndexKind
  readonly libraryNumber: number
  readonly shards?: readonly string[]
}

/** Maximum number of query hashes per statement. */
const MAX_HASHES = 64
/**
 * A statement blocks the embedded database and may take up to 30 ms. That is enough for this many query hashes that
 * probe buckets, or that are compared with the largest number of rows that needs no buckets.
 */
const HASHES_EMBEDDED = 4

/**
 * Number of query hashes per statement. A statement has an overhead of about 1 ms, so in a small library it takes more
 * hashes.
 */
export function hashesPerStatement(
  { embedded }: Pick<Database, 'embedded'>,
  { rows, keyBits }: { readonly rows: number; readonly keyBits: number | null },
): number {
  if (!embedded) return MAX_HASHES
  if (keyBits !== null) return HASHES_EMBEDDED
  return Math.min(
    MAX_HASHES,
    Math.max(HASHES_EMBEDDED, Math.floor((HASHES_EMBEDDED * MIN_INDEXED_ROWS) / rows)),
  )
}

export type NeighbourQuery = {
  readonly kind: IndexKind
  readonly libraryNumber: number
  /** Number of key bits to use; more than 24 need long keys. Null means comparing row by row. */
  readonly keyBits: number | null
  /** Ignored when comparing row by row. */
  readonly buckets: BucketRange
  readonly hashes: readonly TimedHash[]
  /** The shards to ask besides the primary. Default: none. */
  readonly shards?: readonly string[]
}

export type Neighbour = {
  /** Position of the query hash, from 1. */
  readonly query: number
  readonly fingerprintId: string
  readonly refMs: number
  /** Number of differing bits, 0..256. */
  readonly distance: number
}

/**
 * Returns the nearest index rows of each query hash, nearest first. Rows beyond MATCH_THRESHOLDS are omitted. Shards are
 * asked at the same time as the primary.
 */
export async function nearestNeighbours(
  db: Database,
  query: NeighbourQuery,
  limit: number,
): Promise<Neighbour[][]> {
  const { kind, libraryNumber, keyBits, buckets, hashes, shards = [] } = query
  const table = partitionName(kind, libraryNumber)
  const bits = hashes.map(({ hash }) => toBits(hash))
  const statement =
    keyBits === null
      ? { text: rowByRow(table, kind), firstKeys: null, keyWidth: null, keysPerHash: null }
      : {
          text: bucketByBucket(query, keyLengthFor(keyBits)),
          firstKeys: firstKeysOf(query, keyBits),
          keyWidth: 2 ** (keyLengthFor(keyBits) - keyBits),
          keysPerHash: buckets.to - buckets.from,
        }
  const { text, firstKeys, keyWidth, keysPerHash } = statement
  const values = keyBits === null ? [bits, limit] : [bits, limit, firstKeys, keyWidth, keysPerHash]
  const own = db.pool.query<Neighbour>(text, values)
  if (shards.length === 0) return byHash(hashes, (await own).rows)
  const others = askShards<Neighbour>(db, shards, { ...statement, hashes: bits, limit })
  const [{ rows }, sharded] = await Promise.all([own, others])
  return byHash(hashes, [...rows, ...sharded]).map((found) => nearestOf(found, limit))
}

function byHash(hashes: readonly TimedHash[], rows: readonly Neighbour[]): Neighbour[][] {
  const found: Neighbour[][] = hashes.map(() => [])
  for (const row of rows) found[row.query - 1]?.push(row)
  return found
}

/**
 * The nearest rows of several servers. While a fingerprint moves, two servers have its rows; the same row twice counts
 * once.
 */
function nearestOf(rows: readonly Neighbour[], limit: number): Neighbour[] {
  const known = new Set<string>()
  return rows
    .filter(({ fingerprintId, refMs, distance }) => {
      const row = `${fingerprintId} ${refMs} ${distance}`
      return !known.has(row) && known.add(row)
    })
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
}

/** The first keys of the buckets to probe: the same number for each hash, one hash after another. */
function firstKeysOf({ kind, hashes, buckets: { from, to } }: NeighbourQuery, keyBits: number): number[] {
  const choice = { keyBits, count: to, keyLength: keyLengthFor(keyBits) }
  return hashes.flatMap((hash) => multiProbeBuckets(kind, hash, choice).slice(from))
}

function keyLengthFor(keyBits: number): typeof BUCKET_KEY_BITS | typeof LONG_KEY_BITS {
  return keyBits > BUCKET_KEY_BITS ? LONG_KEY_BITS : BUCKET_KEY_BITS
}

function selectNear(near: string): string {
  return `select q.number::int as query, near.fingerprint_id as "fingerprintId", near.time_ms as "refMs", near.distance
   from unnest($1::${HASH_TYPE}[]) with ordinality as q (hash, number)
   cross join lateral (${near}) near
   order by q.number, near.distance`
}

function rowByRow(table: string, kind: IndexKind): string {
  return selectNear(
    `select i.fingerprint_id, i.time_ms, i.hash <~> q.hash as distance from ${table} i
     where i.hash <~> q.hash < ${MATCH_THRESHOLDS[kind]} order by distance limit $2`,
  )
}

/** The sum of a first key and the width could exceed an integer, their sum minus 1 cannot. */
function bucketByBucket({ kind, libraryNumber }: NeighbourQuery, keyLength: number): string {
  const table = partitionName(kind, libraryNumber)
  const key = keyLength === LONG_KEY_BITS ? longKeySql(kind) : 'bucket_key'
  return selectNear(
    `select i.fingerprint_id, i.time_ms, i.hash <~> q.hash as distance
     from unnest(($3::int[])[(q.number - 1) * $5 + 1 : q.number * $5]) as b (first_key)
     cross join lateral (
       select fingerprint_id, time_ms, hash from ${table}
       where ${key} between b.first_key and b.first_key + ($4 - 1) limit ${MAX_ROWS_PER_BUCKET}
     ) i
     where i.hash <~> q.hash < ${MATCH_THRESHOLDS[kind]} order by distance limit $2`,
  )
}
