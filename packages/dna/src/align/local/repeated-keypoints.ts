import { REACH_MS, SAME_MOMENTS_MS } from '../frames/repeated-motion.ts'
import type { Line } from '../lines/hough-peaks.ts'
import { CHANCE, MAX_EXCESS, NEAR_MS, OTHER_MOMENT_MS } from './local-lines.ts'
import { type LocalPair, type LocalPairs, novelWeight, withPairsBetween } from './local-pairs.ts'

const STEP_MS = 250
/** Limits work to about 20 ms: rows compared, evenly spaced over the segment. */
const MAX_ROWS = 40
/** Another offset is compared if it has this many rows, and this share of those of the line. */
const MIN_ROWS = 5
const MIN_SHARE = 0.5
/** An offset repeats the line if its rows prove this share of what those of the line prove, ... */
const REPEATED_SHARE = 0.75
/** ... and if offsets between the two prove at most this share. In a still scene all offsets prove about the same. */
const BETWEEN_SHARE = 0.35

/**
 * Whether the keypoints along a line agree at another offset as well, and less in between: digits of a counter, an
 * animation that repeats. They do not tell a copy from another one of the kind.
 */
export function isRepeated(
  compared: LocalPairs,
  { line, pairs }: { readonly line: Line; readonly pairs: readonly LocalPair[] },
): boolean {
  const proofAt = proofOf(compared, line, rowsBetween(compared, pairs))
  const own = proofAt(0)
  if (own.mean === 0) return false
  let between = own.mean
  for (let offset = STEP_MS; offset <= REACH_MS; offset += STEP_MS) {
    const other = proofAt(offset)
    if (other.rows < Math.max(MIN_ROWS, MIN_SHARE * own.rows)) continue
    const isOther = offset >= SAME_MOMENTS_MS && between <= BETWEEN_SHARE * own.mean
    if (isOther && other.mean >= REPEATED_SHARE * own.mean) return true
    between = Math.min(between, other.mean)
  }
  return false
}

/** Rows from the first to the last of the pairs. */
function rowsBetween({ rowMs }: LocalPairs, pairs: readonly LocalPair[]): number[] {
  const rows = pairs.map(({ row }) => row)
  const [first, last] = [Math.min(...rows), Math.max(...rows)]
  const between = [...rowMs.keys()].filter((row) => row >= first && row <= last)
  const stride = Math.ceil(between.length / MAX_ROWS)
  return between.filter((_, i) => i % stride === 0)
}

type Proof = { readonly mean: number; readonly rows: number }

/** What rows prove on average at an offset, in milliseconds, from a line, both earlier and later. */
function proofOf(compared: LocalPairs, line: Line, rows: readonly number[]): (offset: number) => Proof {
  const offLine = (row: number, column: number) =>
    (compared.columnMs[column] as number) - (compared.rowMs[row] as number) * line.rate - line.offsetMs
  const columns = [...compared.columnMs.keys()].filter((column) =>
    rows.some((row) => Math.abs(offLine(row, column)) <= REACH_MS),
  )
  const all = withPairsBetween(compared, rows, columns)
  const gains = new Map<number, number>()
  const at = (row: number, column: number) => row * compared.columns.length + column
  for (const pair of all.pairs)
    gains.set(
      at(pair.row, pair.column),
      Math.min(MAX_EXCESS, Math.max(0, novelWeight(all, pair, OTHER_MOMENT_MS) - CHANCE)),
    )
  return (offset) => {
    let [sum, count] = [0, 0]
    const covered = new Set<number>()
    for (const side of offset === 0 ? [0] : [-offset, offset])
      for (const row of rows) {
        const near = columns.filter((column) => Math.abs(offLine(row, column) - side) <= NEAR_MS)
        if (near.length === 0) continue
        sum += Math.max(...near.map((column) => gains.get(at(row, column)) ?? 0))
        count++
        covered.add(row)
      }
    return { mean: sum / Math.max(1, count), rows: covered.size }
  }
}
