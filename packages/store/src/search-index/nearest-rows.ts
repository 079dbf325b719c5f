import { ALIKE_DISTANCE, CELL_BITS, likelyCells, type Probe } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { toArray, toBits } from './hash-bits.ts'
import { HASH_TYPE, type IndexKind, partitionName } from './partitions.ts'

/** A library with fewer rows is compared row by row: in a few milliseconds a probe, and nothing is missed. */
const LEAST_ROWS = 10_000
/** Rows in a cell in the mean, to within a factor of 1.4. */
const ROWS_IN_CELL = 16
/** Cells that each probe looks into, likeliest first. */
const CELLS = 64
/**
 * Where keys have more bits than this (4 million rows), a copy's row is likelier to lie in none of them. A search that
 * found nothing sure looks into as many again for the first further bit, twice as many for the next, up to 256 in all.
 * Measured at 10,000 hours, under noise of which a quarter is 62 of 256 bits: 64 cells led to 89 of 96 videos, 256 to
 * all, for three times the price.
 */
const CELLS_DEPTH = 18
const MOST_CELLS = 256
/** Rows of one cell that are compared: black frames with one logo, or a scene that thousands have uploaded, fill cells of their own. */
const MOST_IN_CELL = 2_000
/** Bytes of one row in its table, its header included. */
const ROW_BYTES = 93

/** Bits of the key that tell the cells of an index of so many rows apart; null where it is compared row by row. */
export function depthFor(rows: number, minIndexedRows = LEAST_ROWS): number | null {
  return rows < minIndexedRows
    ? null
    : Math.min(Math.max(Math.round(Math.log2(rows / ROWS_IN_CELL)), 0), CELL_BITS)
}

/** Which of a probe's cells are looked into, by their rank in likelihood. */
export type Reach = { readonly from: number; readonly to: number }

/** The cells that are looked into at once, and those after them, where a search may go on; none in a small index. */
export function reachFor(depth: number, { further }: { readonly further: boolean }): Reach {
  return further
    ? { from: CELLS, to: Math.min(MOST_CELLS, CELLS * 2 ** Math.max(0, depth - CELLS_DEPTH)) }
    : { from: 0, to: Math.min(CELLS, 2 ** depth) }
}

/** Roughly, by the size of the table. */
export async function countRows(db: Database, kind: IndexKind, number: number): Promise<number> {
  const { rows } = await db.pool.query<{ bytes: number }>(
    'select pg_relation_size($1::regclass)::float8 as bytes',
    [partitionName(kind, number)],
  )
  return (rows[0]?.bytes ?? 0) / ROW_BYTES
}

/** Probes a statement, at most. */
const MOST_PROBES = 64
/**
 * Embedded, where nothing else is answered meanwhile, no statement may take over 30 ms: so many probes that look into
 * cells, or that are compared with the most rows that need none.
 */
const PROBES_EMBEDDED = 4

/** How many probes a statement takes on. Each statement costs 1 ms by itself, so in a small library it takes more. */
export function probesAtOnce(
  { embedded }: Pick<Database, 'embedded'>,
  { rows, depth }: { readonly rows: number; readonly depth: number | null },
): number {
  if (!embedded) return MOST_PROBES
  if (depth !== null) return PROBES_EMBEDDED
  return Math.min(MOST_PROBES, Math.max(PROBES_EMBEDDED, Math.floor((PROBES_EMBEDDED * LEAST_ROWS) / rows)))
}

export type Ask = {
  readonly kind: IndexKind
  /** The library's. */
  readonly number: number
  /** Bits of a cell's key; null where all rows are compared. */
  readonly depth: number | null
  /** Not used where all rows are compared. */
  readonly reach: Reach
  readonly probes: readonly Probe[]
}

export type Row = {
  /** Index of the probe, from 1. */
  readonly probe: number
  readonly fingerprintId: string
  readonly refMs: number
  readonly distance: number
}

/** The nearest rows of each probe, nearest first; none that do not count as alike. */
export async function nearestRows(db: Database, ask: Ask, limit: number): Promise<Row[][]> {
  const { kind, number, depth, reach, probes } = ask
  const table = partitionName(kind, number)
  const hashes = toArray(probes.map(({ hash }) => toBits(hash)))
  const { rows } =
    depth === null
      ? await db.pool.query<Row>(rowByRow(table, kind), [hashes, limit])
      : await db.pool.query<Row>(cellByCell(table, kind), [
          hashes,
          limit,
          toArray(cellsOf(ask, depth)),
          2 ** (CELL_BITS - depth),
          reach.to - reach.from,
        ])
  const byProbe: Row[][] = probes.map(() => [])
  for (const row of rows) byProbe[row.probe - 1]?.push(row)
  return byProbe
}

/** The cells that each probe looks into, one probe's after the other's, as many for each. */
function cellsOf({ kind, probes, reach: { from, to } }: Ask, depth: number): number[] {
  return probes.flatMap((probe) => likelyCells(kind, probe, { depth, count: to }).slice(from))
}

function selectNear(near: string): string {
  return `select p.number::int as probe, near.fingerprint_id as "fingerprintId", near.time_ms as "refMs", near.distance
   from unnest($1::${HASH_TYPE}[]) with ordinality as p (hash, number)
   cross join lateral (${near}) near
   order by p.number, near.distance`
}

function rowByRow(table: string, kind: IndexKind): string {
  return selectNear(
    `select i.fingerprint_id, i.time_ms, i.hash <~> p.hash as distance from ${table} i
     where i.hash <~> p.hash < ${ALIKE_DISTANCE[kind]} order by distance limit $2`,
  )
}

function cellByCell(table: string, kind: IndexKind): string {
  return selectNear(
    `select i.fingerprint_id, i.time_ms, i.hash <~> p.hash as distance
     from unnest(($3::int[])[(p.number - 1) * $5 + 1 : p.number * $5]) as c (first)
     cross join lateral (
       select fingerprint_id, time_ms, hash from ${table}
       where bucket_key between c.first and c.first + $4 - 1 limit ${MOST_IN_CELL}
     ) i
     where i.hash <~> p.hash < ${ALIKE_DISTANCE[kind]} order by distance limit $2`,
  )
}
