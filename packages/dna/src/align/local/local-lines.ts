import { type Hits, houghPeaks, isOtherSpeed, type Line, SPEEDS } from '../lines/hough-peaks.ts'
import { type LocalPair, type LocalPairs, MIN_OTHERS, novelWeight, withPairsNear } from './local-pairs.ts'

/** Reach of a line: half the time between the frames of a query, and a little for its rounding. */
export const NEAR_MS = 300
/** Pairs further than this from a line show another moment. */
export const OTHER_MOMENT_MS = 1600
/** Share of the other moments that a pair must exceed, so that what is always in the picture proves nothing. */
const OTHER_QUANTILE = 0.75
/** Agreement that chance adds to that. */
export const CHANCE = 0.5
/** The most that the agreement of a single pair counts, and that it proves. */
const MAX_WEIGHT = 8
export const MAX_EXCESS = 3.5
/** The cost of a frame of the reference without agreement. */
const GAP_COST = 0.3
const LINES = 16
/** Pairs that a line needs, because any one picture may occur twice; more at another speed. */
const MIN_PAIRS = 2
const MIN_PAIRS_OTHER_SPEED = 3
const OTHER_SPEED_SHARE = 0.85

/** A line in time, the pairs on it (one for each column), and what they prove. */
export type LocalLine = {
  readonly line: Line
  readonly pairs: readonly LocalPair[]
  /** Sum of what the pairs of the best interval exceed other moments by. */
  readonly evidence: number
  /** Sum of their weights, whether or not other moments agree as well. */
  readonly agreement: number
  /** What the strongest of the pairs proves. */
  readonly strongest: number
}

/** Steps, in milliseconds, by which the best line is moved once all frames near it are compared. */
const SHIFTS_MS = [-250, -125, 0, 125, 250]

/** The line along which the keypoints of two videos agree best, in the rows that are still free; null if there is none. */
export function bestLocalLine(
  compared: LocalPairs,
  isFree: (row: number) => boolean = () => true,
): LocalLine | null {
  let best: LocalLine | null = null
  const free = compared.pairs.filter(({ row }) => isFree(row))
  for (const line of houghPeaks(hitsOf(compared, free), { binMs: 250, rates: SPEEDS, limit: LINES })) {
    const found = alongLine(compared, line, { pairs: free, gainOf: (pair) => excessOf(compared, pair, line) })
    if (found && rank(found) > (best ? rank(best) : 0)) best = found
  }
  return best && refined(compared, isFree, best)
}

/** The same line, after a comparison of all frames near it, moved to where they agree best. */
function refined(
  compared: LocalPairs,
  isFree: (row: number) => boolean,
  { line }: LocalLine,
): LocalLine | null {
  const near = withPairsNear(compared, line, NEAR_MS + 250)
  const free = near.pairs.filter(({ row }) => isFree(row))
  const known = new Map<LocalPair, number>()
  const novelOf = (pair: LocalPair) => {
    const weight = known.get(pair) ?? novelWeight(near, pair, OTHER_MOMENT_MS)
    known.set(pair, weight)
    return weight
  }
  let best: LocalLine | null = null
  for (const shift of SHIFTS_MS) {
    const moved = { ...line, offsetMs: line.offsetMs + shift }
    const gainOf = (pair: LocalPair) => Math.min(MAX_EXCESS, novelOf(pair) - CHANCE)
    const found = alongLine(near, moved, { pairs: free, gainOf })
    if (found && rank(found) > (best ? rank(best) : 0)) best = found
  }
  return best
}

/** Of two lines, the one with more evidence wins; without evidence, the one with more agreement. */
function rank({ line, evidence, agreement }: LocalLine): number {
  return (evidence + 0.001 * agreement) * (isOtherSpeed(line.rate) ? OTHER_SPEED_SHARE : 1)
}

function hitsOf({ rowMs, columnMs }: LocalPairs, pairs: readonly LocalPair[]): Hits {
  return {
    size: pairs.length,
    queryMs: Float64Array.from(pairs, ({ row }) => rowMs[row] as number),
    refFromMs: Float64Array.from(pairs, ({ column }) => (columnMs[column] as number) - NEAR_MS),
    refToMs: Float64Array.from(pairs, ({ column }) => (columnMs[column] as number) + NEAR_MS),
    weight: Float32Array.from(pairs, ({ weight }) => Math.min(MAX_WEIGHT, weight)),
  }
}

/** Milliseconds of the reference by which a pair is later than a line. */
export function offLineMs({ rowMs, columnMs }: LocalPairs, { row, column }: LocalPair, line: Line): number {
  return (columnMs[column] as number) - (rowMs[row] as number) * line.rate - line.offsetMs
}

type Candidates = {
  readonly pairs: readonly LocalPair[]
  /** What a pair on the line proves. */
  readonly gainOf: (pair: LocalPair) => number
}

function alongLine(compared: LocalPairs, line: Line, { pairs, gainOf }: Candidates): LocalLine | null {
  const near = new Map<number, LocalPair>()
  for (const pair of pairs)
    if (
      Math.abs(offLineMs(compared, pair, line)) <= NEAR_MS &&
      pair.weight > (near.get(pair.column)?.weight ?? 0)
    )
      near.set(pair.column, pair)
  const all = [...near.values()]
  const agreement = sumOf(all)
  const least = isOtherSpeed(line.rate) ? MIN_PAIRS_OTHER_SPEED : MIN_PAIRS
  let best: LocalLine | null = null
  let open: { pairs: LocalPair[]; evidence: number; strongest: number } = {
    pairs: [],
    evidence: 0,
    strongest: 0,
  }
  for (const column of compared.columnMs.keys()) {
    const pair = near.get(column)
    if (!pair && !isInQuery(compared, column, line)) continue
    const gain = pair ? gainOf(pair) : -GAP_COST
    const evidence = Math.max(0, open.evidence) + Math.max(gain, -GAP_COST)
    const added = pair && gain > 0 ? [pair] : []
    const isOpen = open.evidence > 0
    open = {
      evidence,
      pairs: [...(isOpen ? open.pairs : []), ...added],
      strongest: Math.max(isOpen ? open.strongest : 0, gain),
    }
    if (open.pairs.length >= least && open.evidence > (best?.evidence ?? 0))
      best = { line, ...open, agreement }
  }
  return best ?? (all.length > 0 ? { line, pairs: all, evidence: 0, agreement, strongest: 0 } : null)
}

function sumOf(pairs: readonly LocalPair[]): number {
  return pairs.reduce((sum, { weight }) => sum + Math.min(MAX_WEIGHT, weight), 0)
}

/** Whether a line meets a column within the query. */
function isInQuery({ rowMs, columnMs }: LocalPairs, column: number, line: Line): boolean {
  const queryMs = ((columnMs[column] as number) - line.offsetMs) / line.rate
  return queryMs >= (rowMs[0] ?? 0) - NEAR_MS && queryMs <= (rowMs.at(-1) ?? 0) + NEAR_MS
}

/** How much a pair on a line agrees beyond what the same frames do with other moments. */
function excessOf(compared: LocalPairs, pair: LocalPair, line: Line): number {
  const isOther = (other: LocalPair) => Math.abs(offLineMs(compared, other, line)) > OTHER_MOMENT_MS
  const comparedRow = compared.comparedRow[pair.row] as number
  const inRow = (compared.inRow[comparedRow] ?? []).filter(isOther)
  const inColumn = (compared.inColumn[pair.column] ?? []).filter(isOther)
  const floor = Math.max(
    quantileOf(inRow, (compared.comparedInRow[comparedRow] as number) - 1),
    quantileOf(inColumn, (compared.comparedInColumn[pair.column] as number) - nearRows(compared, pair)),
  )
  return Math.min(MAX_EXCESS, pair.weight - floor - CHANCE)
}

/** Number of rows around a pair that show the same moment. */
function nearRows({ rowMs, comparedInRow }: LocalPairs, pair: LocalPair): number {
  const at = rowMs[pair.row] as number
  const isNear = (ms: number, row: number) =>
    (comparedInRow[row] as number) > 0 && Math.abs(ms - at) <= OTHER_MOMENT_MS
  return rowMs.filter(isNear).length
}

/** Weight that OTHER_QUANTILE of `count` compared frames do not exceed; most of them do not agree at all. */
function quantileOf(pairs: readonly LocalPair[], count: number): number {
  if (count < MIN_OTHERS) return 0
  const weights = pairs.map(({ weight }) => weight).sort((a, b) => b - a)
  return weights[Math.floor((1 - OTHER_QUANTILE) * count)] ?? 0
}
