import { type Hits, houghPeaks, isOtherSpeed, type Line } from './hough-peaks.ts'
import { maxSumInterval } from './max-sum-interval.ts'

/** Two tracks to align. Row i of the query is at startMs + i x rowMs. */
export type AlignmentProblem = {
  readonly rows: number
  readonly rowMs: number
  readonly startMs: number
  /** The rows belong to the reference instead of the query. */
  readonly rowsOfRef?: boolean
  readonly hits: Hits
  readonly binMs: number
  readonly rates: readonly number[]
  /** Writes the evidence of each row on a line: positive for a match, negative against it, zero if neutral. */
  readonly score: (line: Line, into: Float64Array) => void
  /** Factor, 0 or more, that scales the evidence of an alignment by properties of the whole. */
  readonly plausibility: (alignment: Alignment) => number
  /** Lines that the other track already supports. */
  readonly corroborating?: readonly Pick<Line, 'rate' | 'offsetMs'>[]
  /** Moves a line to where the rows of an interval fit best. */
  readonly refine: (line: Line, interval: { from: number; to: number }) => Line
}

/** A line, and the rows (both ends inclusive) over which it holds. */
export type Alignment = {
  readonly line: Line
  readonly from: number
  readonly to: number
  /** Evidence of the rows, multiplied by the plausibility. */
  readonly evidence: number
  /** Mean evidence per row, before the plausibility is applied. */
  readonly meanEvidence: number
}

/** Number of lines that are scored in full in each round. */
const LINES_PER_ROUND = 12
/** Maximum number of alignments per pair of videos. It limits work and is beyond any useful number. */
const MAX_ALIGNMENTS = 24
/** A moment that is already explained counts again only at this share of the first alignment's mean evidence. */
const REPEATED_SHARE = 0.5
/** A line this close to an existing alignment's line repeats it, because consecutive frames look alike. */
const NEIGHBOUR_MS = 2000
/**
 * Weight of an alignment at another speed when alignments are compared. It is lower than the weight of its votes:
 * consecutive frames look alike, so a wrong speed loses little on a short stretch and gains a frame or two at its ends.
 */
const OTHER_SPEED_SHARE = 0.85
/** Weight, at any speed, of an alignment whose line the other track supports, ... */
const CORROBORATED_SHARE = 1.25
/** ... that is, whose rate differs by at most this share and whose offset by at most this many milliseconds. */
const CORROBORATED_RATE = 0.002
const CORROBORATED_MS = 1000
/** Number of rounds in which a line is refined. */
const REFINEMENTS = 2

/**
 * Returns the alignments of two tracks, strongest first. Finds the best line and the best interval on it, removes what
 * they explain, and continues while at least `minEvidence` remains. Several alignments result if segments were
 * reordered or repeated.
 */
export function findAlignments(
  problem: AlignmentProblem,
  { minEvidence }: { minEvidence: number },
): Alignment[] {
  const found: Alignment[] = []
  let hits = problem.hits
  for (let round = 0; round < MAX_ALIGNMENTS && hits.size > 0; round++) {
    const next = strongest(problem, hits, found)
    if (!next || next.evidence < minEvidence) break
    found.push(next)
    hits = withoutExplained(hits, problem, next)
  }
  return found
}

function strongest(problem: AlignmentProblem, hits: Hits, found: readonly Alignment[]): Alignment | null {
  const values = new Float64Array(problem.rows)
  let best: Alignment | null = null
  const consider = (line: Line): Alignment | null => {
    problem.score(line, values)
    discount(values, { problem, line, found })
    const interval = maxSumInterval(values)
    if (!interval) return null
    const { from, to, sum } = interval
    const plain = { line, from, to, evidence: sum, meanEvidence: sum / (to - from + 1) }
    const candidate = { ...plain, evidence: sum * problem.plausibility(plain) }
    if (rank(problem, candidate) > (best ? rank(problem, best) : 0)) best = candidate
    return plain
  }
  const { binMs, rates, corroborating = [] } = problem
  const lines = houghPeaks(hits, { binMs, rates, limit: LINES_PER_ROUND })
  for (const line of [...lines, ...corroborating.map((one) => ({ ...one, votes: 0 }))]) {
    let current = consider(line)
    for (let i = 0; i < REFINEMENTS && current; i++) current = consider(problem.refine(current.line, current))
  }
  return best
}

/**
 * Evidence used to compare alignments: higher if the other track supports the line, lower at a speed other than normal.
 */
function rank(problem: AlignmentProblem, alignment: Alignment): number {
  const { rate } = alignment.line
  // The faster the query plays, the more rows of the reference it covers. This must not favour a speed.
  const evidence = problem.rowsOfRef ? alignment.evidence * Math.min(1, Math.abs(rate)) : alignment.evidence
  if (isCorroborated(problem, alignment)) return evidence * CORROBORATED_SHARE
  return isOtherSpeed(rate) ? evidence * OTHER_SPEED_SHARE : evidence
}

function isCorroborated(
  { corroborating = [], startMs, rowMs }: AlignmentProblem,
  { line, from, to }: Alignment,
): boolean {
  const apartMs = (one: Pick<Line, 'rate' | 'offsetMs'>, row: number) =>
    Math.abs((startMs + row * rowMs) * (one.rate - line.rate) + one.offsetMs - line.offsetMs)
  return corroborating.some(
    (one) =>
      Math.abs(line.rate / one.rate - 1) <= CORROBORATED_RATE &&
      apartMs(one, from) <= CORROBORATED_MS &&
      apartMs(one, to) <= CORROBORATED_MS,
  )
}

/** Reference time, in milliseconds, at a query row. */
function refMsAt(problem: AlignmentProblem, line: Line, row: number): number {
  return (problem.startMs + row * problem.rowMs) * line.rate + line.offsetMs
}

/** Lowers the values of rows whose moment in the query or the reference is explained by an earlier alignment. */
function discount(
  values: Float64Array,
  { problem, line, found }: { problem: AlignmentProblem; line: Line; found: readonly Alignment[] },
): void {
  const neighbourRows = Math.round(NEIGHBOUR_MS / problem.rowMs)
  for (const earlier of found) {
    const { meanEvidence } = earlier
    const [low, high] = refRange(problem, earlier)
    for (let row = 0; row < values.length; row++) {
      const value = values[row] as number
      if (value <= 0) continue
      const refMs = refMsAt(problem, line, row)
      const inQuery = row >= earlier.from && row <= earlier.to
      const inRef = refMs >= low && refMs <= high
      const onLine = Math.abs(refMs - refMsAt(problem, earlier.line, row)) < NEIGHBOUR_MS
      const near = onLine && row >= earlier.from - neighbourRows && row <= earlier.to + neighbourRows
      if (near || (inQuery && inRef)) values[row] = -meanEvidence
      else if ((inQuery || inRef) && value < REPEATED_SHARE * meanEvidence) values[row] = 0
    }
  }
}

function refRange(problem: AlignmentProblem, { line, from, to }: Alignment): [number, number] {
  const a = refMsAt(problem, line, from)
  const b = refMsAt(problem, line, to)
  return [Math.min(a, b) - problem.rowMs, Math.max(a, b) + problem.rowMs]
}

/** Returns the hits outside the rectangle that an alignment spans in query and reference. */
function withoutExplained(hits: Hits, problem: AlignmentProblem, alignment: Alignment): Hits {
  const [low, high] = refRange(problem, alignment)
  const first = problem.startMs + alignment.from * problem.rowMs
  const last = problem.startMs + alignment.to * problem.rowMs
  const kept: number[] = []
  for (let i = 0; i < hits.size; i++) {
    const queryMs = hits.queryMs[i] as number
    const inside = (hits.refToMs[i] as number) >= low && (hits.refFromMs[i] as number) <= high
    if (!(inside && queryMs >= first && queryMs <= last)) kept.push(i)
  }
  const pick = (from: Float64Array) => Float64Array.from(kept, (i) => from[i] as number)
  return {
    size: kept.length,
    queryMs: pick(hits.queryMs),
    refFromMs: pick(hits.refFromMs),
    refToMs: pick(hits.refToMs),
    weight: Float32Array.from(kept, (i) => hits.weight[i] as number),
  }
}
