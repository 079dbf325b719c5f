import { bestRun } from './best-run.ts'
import { type Hits, isUnusual, type Line, voteLines } from './vote-lines.ts'

/** What `explain` needs to know about two tracks. Row i of the query lies at i x rowMs. */
export type Field = {
  readonly rows: number
  readonly rowMs: number
  readonly startMs: number
  /** Whether the rows are the reference's instead. */
  readonly rowsOfRef?: boolean
  readonly hits: Hits
  readonly binMs: number
  readonly rates: readonly number[]
  /** Writes the evidence of each row on a line: positive for, negative against, zero for neutral. */
  readonly weigh: (line: Line, into: Float64Array) => void
  /** Factor from 0: how far a run can be trusted, from more than its rows one by one. */
  readonly trust: (run: Explained) => number
  /** Lines on which the other track agrees already. */
  readonly vouched?: readonly Pick<Line, 'rate' | 'offsetMs'>[]
  /** Moves a line to where the rows of a run fit best. */
  readonly refine: (line: Line, run: { from: number; to: number }) => Line
}

/** A line and the rows of the query, both included, over which it holds. */
export type Explained = {
  readonly line: Line
  readonly from: number
  readonly to: number
  /** Evidence of the rows, times the trust in the run. */
  readonly sum: number
  /** Evidence of a row on average, without the trust. */
  readonly mean: number
}

/** Lines that are weighed in full in each round. */
const LINES_A_ROUND = 12
/** Passages that one pair of videos can share; a bound on work, not on what is useful. */
const MAX_PASSAGES = 24
/** A moment that is explained already counts again only with this share of the first evidence. */
const SECOND_SHARE = 0.5
/** What lies this near to a passage's own line repeats it: neighbouring frames look alike. */
const BESIDE_MS = 2000
/**
 * What a run at a speed other than 1 counts when runs are compared. Less than its votes do: neighbouring frames look
 * alike, so a wrong speed loses little on a short passage and wins a frame or two at its ends.
 */
const UNUSUAL_RUN_SHARE = 0.85
/** A run counts this much more when runs are compared, whatever its speed, on a line on which the other track agrees. */
const VOUCHED_SHARE = 1.25
/** It lies on such a line where its speed is the same but for this share, and it strays no further than so many milliseconds. */
const VOUCHED_RATE = 0.002
const VOUCHED_MS = 1000
/** Times the refinement of a line is repeated. */
const REFINEMENTS = 2

/**
 * The passages that two tracks share, strongest first: finds the best line and the best run on it, takes away
 * what that explains, and goes on while something of at least `minSum` is left. Several passages come out where
 * pieces were reordered, or where one passage occurs several times.
 */
export function explain(field: Field, { minSum }: { minSum: number }): Explained[] {
  const found: Explained[] = []
  let hits = field.hits
  for (let round = 0; round < MAX_PASSAGES && hits.size > 0; round++) {
    const next = strongest(field, hits, found)
    if (!next || next.sum < minSum) break
    found.push(next)
    hits = without(hits, field, next)
  }
  return found
}

function strongest(field: Field, hits: Hits, found: readonly Explained[]): Explained | null {
  const values = new Float64Array(field.rows)
  let best: Explained | null = null
  const consider = (line: Line): Explained | null => {
    field.weigh(line, values)
    discount(values, { field, line, found })
    const run = bestRun(values)
    if (!run) return null
    const plain = { line, ...run, mean: run.sum / (run.to - run.from + 1) }
    const candidate = { ...plain, sum: run.sum * field.trust(plain) }
    if (worth(field, candidate) > (best ? worth(field, best) : 0)) best = candidate
    return plain
  }
  const { binMs, rates, vouched = [] } = field
  const lines = voteLines(hits, { binMs, rates, limit: LINES_A_ROUND })
  for (const line of [...lines, ...vouched.map((one) => ({ ...one, votes: 0 }))]) {
    let current = consider(line)
    for (let i = 0; i < REFINEMENTS && current; i++) current = consider(field.refine(current.line, current))
  }
  return best
}

/** The sum of a run; less at a speed other than 1, which must earn its keep, but not where the other track says the same. */
function worth(field: Field, run: Explained): number {
  const { rate } = run.line
  // Rows of the reference are the more the faster the query plays: a speed wins nothing by those.
  const sum = field.rowsOfRef ? run.sum * Math.min(1, Math.abs(rate)) : run.sum
  if (isVouched(field, run)) return sum * VOUCHED_SHARE
  return isUnusual(rate) ? sum * UNUSUAL_RUN_SHARE : sum
}

function isVouched({ vouched = [], startMs, rowMs }: Field, { line, from, to }: Explained): boolean {
  const strayMs = (one: Pick<Line, 'rate' | 'offsetMs'>, row: number) =>
    Math.abs((startMs + row * rowMs) * (one.rate - line.rate) + one.offsetMs - line.offsetMs)
  return vouched.some(
    (one) =>
      Math.abs(line.rate / one.rate - 1) <= VOUCHED_RATE &&
      strayMs(one, from) <= VOUCHED_MS &&
      strayMs(one, to) <= VOUCHED_MS,
  )
}

/** Milliseconds of the reference at a row of the query. */
function refMsAt(field: Field, line: Line, row: number): number {
  return (field.startMs + row * field.rowMs) * line.rate + line.offsetMs
}

/** Lowers the values where the query's or the reference's moment was explained by an earlier passage. */
function discount(
  values: Float64Array,
  { field, line, found }: { field: Field; line: Line; found: readonly Explained[] },
): void {
  const besideRows = Math.round(BESIDE_MS / field.rowMs)
  for (const earlier of found) {
    const { mean } = earlier
    const [low, high] = refRange(field, earlier)
    for (let row = 0; row < values.length; row++) {
      const value = values[row] as number
      if (value <= 0) continue
      const refMs = refMsAt(field, line, row)
      const inQuery = row >= earlier.from && row <= earlier.to
      const inRef = refMs >= low && refMs <= high
      const beside = Math.abs(refMs - refMsAt(field, earlier.line, row)) < BESIDE_MS
      const near = beside && row >= earlier.from - besideRows && row <= earlier.to + besideRows
      if (near || (inQuery && inRef)) values[row] = -mean
      else if ((inQuery || inRef) && value < SECOND_SHARE * mean) values[row] = 0
    }
  }
}

function refRange(field: Field, run: Explained): [number, number] {
  const a = refMsAt(field, run.line, run.from)
  const b = refMsAt(field, run.line, run.to)
  return [Math.min(a, b) - field.rowMs, Math.max(a, b) + field.rowMs]
}

/** The hits outside the rectangle of a passage. */
function without(hits: Hits, field: Field, run: Explained): Hits {
  const [low, high] = refRange(field, run)
  const first = field.startMs + run.from * field.rowMs
  const last = field.startMs + run.to * field.rowMs
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
