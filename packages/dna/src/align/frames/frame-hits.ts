import { HASH_WORDS, MATCH_THRESHOLD_BITS } from '../../hash/hamming.ts'
import { scanner } from '../../hash/scanner.ts'
import type { Hits } from '../lines/hough-peaks.ts'
import { type FrameTimeline, hashesShown, isSparse, runsShown } from './frame-timeline.ts'

/** Limits on work: fewer rows of long videos are compared (20 s against 30 min takes 0.6 million comparisons). */
const MAX_COMPARISONS = 10_000_000
const MAX_HITS = 600_000
/** Number of interleaved passes over the rows, so that even a full hit table covers all of them. */
const PASSES = 8
/** Exponent that lowers the weight of common content (a static scene, a jingle), measured with a prototype. */
const COMMON_POWER = 0.25
/**
 * A query frame that resembles this share of the reference is judged by how much better one moment matches than the
 * rest. A static scene resembles itself at any time, and only the right time matches better.
 */
const COMMON_SHARE = 0.25
/** ... and at least this many frames: a quarter of a sparse reference can be a single one. */
const MIN_COMMON_FRAMES = 3
/** A moment must be closer than this fraction of the distance at that share ... */
const RIVAL_RATIO = 0.75
/** ... but identical pictures always match, however common: this is the distance up to which a frame matches. */
const MIN_LIMIT = 24

/** A moment does not match if another one matches better by more than this many bits. */
const BETTER_BITS = 24

/** Matching frames, and the weight of any pair of frames on a line. */
export type FrameHits = {
  readonly hits: Hits
  /** Weight, 0 to 1, of a pair of runs (one of the rows, one of the columns) at a distance in bits. */
  readonly weightOf: (rowRun: number, columnRun: number, bits: number) => number
}

/** For pairings whose line was found otherwise. */
export const NO_HITS: FrameHits = {
  hits: {
    size: 0,
    queryMs: new Float64Array(),
    refFromMs: new Float64Array(),
    refToMs: new Float64Array(),
    weight: new Float32Array(),
  },
  weightOf: () => 0,
}

type Draft = {
  readonly rowMs: number[]
  readonly rowRuns: number[]
  readonly columnRuns: number[]
  readonly bits: number[]
}

/**
 * Compares two timelines frame by frame. `query` selects which of the two is the query's. With `judgeRivals`, its
 * frames are judged by how common they are in the reference.
 */
export function frameHits(
  rows: FrameTimeline,
  columns: FrameTimeline,
  { query, judgeRivals = true }: { query: 'rows' | 'columns'; judgeRivals?: boolean },
): FrameHits {
  const draft: Draft = { rowMs: [], rowRuns: [], columnRuns: [], bits: [] }
  const stride = Math.max(1, Math.ceil((rows.runAt.length * columns.runs) / MAX_COMPARISONS))
  const count = Math.ceil(rows.runAt.length / stride)
  const shown = runsShown(columns)
  scanner.loadHashes(hashesShown(columns))
  let done = 0
  for (let pass = 0; pass < PASSES && draft.bits.length < MAX_HITS; pass++) {
    for (let row = pass; row < count && draft.bits.length < MAX_HITS; row += PASSES) {
      compareRow(rows, shown, { row: row * stride, draft })
      done++
    }
  }
  const share = done > 0 ? rows.runAt.length / done : 1
  return weighHits(draft, { rows, columns, share, query, judgeRivals })
}

/** Compares a row with the columns loaded in the scanner. `shown` holds their runs. */
function compareRow(
  rows: FrameTimeline,
  shown: readonly number[],
  { row, draft }: { row: number; draft: Draft },
): void {
  const run = rows.runAt[row] ?? -1
  if (run < 0) return
  const hash = rows.hashes.subarray(run * HASH_WORDS, (run + 1) * HASH_WORDS)
  const finds = scanner.near(hash, MATCH_THRESHOLD_BITS)
  for (let at = 0; at < finds.length; at += 2) {
    draft.rowMs.push(row * rows.stepMs)
    draft.rowRuns.push(run)
    draft.columnRuns.push(shown[finds[at] as number] as number)
    draft.bits.push(finds[at + 1] as number)
  }
}

type Compared = {
  readonly rows: FrameTimeline
  readonly columns: FrameTimeline
  /** Number of rows that each compared row represents. */
  readonly share: number
  readonly query: 'rows' | 'columns'
}

function weighHits(
  draft: Draft,
  { judgeRivals, ...compared }: Compared & { readonly judgeRivals: boolean },
): FrameHits {
  const { rows, columns, share, query } = compared
  const size = draft.bits.length
  const index = Array.from({ length: size }, (_, i) => i)
  const seenInRow = new Float64Array(rows.runs)
  const seenInColumn = new Float64Array(columns.runs)
  for (const i of index) {
    const row = draft.rowRuns[i] as number
    const column = draft.columnRuns[i] as number
    seenInRow[row] = (seenInRow[row] as number) + (columns.samplesOf[column] as number)
    seenInColumn[column] = (seenInColumn[column] as number) + share
  }
  // A run of several samples was compared once per sample, with the same result each time.
  const rowNorm = seenInRow.map((seen, run) =>
    normOf((seen * share) / Math.max(1, rows.samplesOf[run] as number)),
  )
  const columnNorm = seenInColumn.map(normOf)
  const limits = judgeRivals ? limitsOf(draft, compared) : []
  const weightOf = (row: number, column: number, bits: number) => {
    const { limit, last } = limits[query === 'rows' ? row : column] ?? NO_RIVALS
    if (bits >= limit || bits > last) return 0
    return (1 - bits / limit) * (rowNorm[row] ?? 1) * (columnNorm[column] ?? 1)
  }
  const first = (i: number) => firstMs(columns, draft.columnRuns[i] as number)
  const last = (i: number) => lastMs(columns, draft.columnRuns[i] as number)
  const weight = (i: number) =>
    weightOf(draft.rowRuns[i] as number, draft.columnRuns[i] as number, draft.bits[i] as number)
  const hits: Hits = {
    size,
    queryMs: Float64Array.from(draft.rowMs),
    refFromMs: Float64Array.from(index, first),
    refToMs: Float64Array.from(index, last),
    weight: Float32Array.from(index, weight),
  }
  return { hits, weightOf }
}

function normOf(seen: number): number {
  return Math.max(seen, 1) ** -COMMON_POWER
}

function firstMs(timeline: FrameTimeline, run: number): number {
  return (timeline.firstOf[run] as number) * timeline.stepMs
}

function lastMs(timeline: FrameTimeline, run: number): number {
  return firstMs(timeline, run) + ((timeline.samplesOf[run] as number) - 1) * timeline.stepMs
}

/**
 * Distance from which a frame no longer matches, and the largest distance at which no other moment matches much better.
 */
type Limit = { readonly limit: number; readonly last: number }

const NO_RIVALS: Limit = { limit: MATCH_THRESHOLD_BITS, last: MATCH_THRESHOLD_BITS }

/** Computes the limit of each query run from how common it is in the reference and where it matches best. */
function limitsOf(draft: Draft, { rows, columns, share, query }: Compared): Limit[] {
  const [own, other] = query === 'rows' ? [rows, columns] : [columns, rows]
  const histograms = new Map<number, Float64Array>()
  for (let i = 0; i < draft.bits.length; i++) {
    const row = draft.rowRuns[i] as number
    const column = draft.columnRuns[i] as number
    const run = query === 'rows' ? row : column
    const histogram = histograms.get(run) ?? new Float64Array(MATCH_THRESHOLD_BITS)
    histograms.set(run, histogram)
    const bits = draft.bits[i] as number
    const samples =
      query === 'rows'
        ? ((columns.samplesOf[column] as number) * share) / Math.max(1, rows.samplesOf[row] as number)
        : share
    histogram[bits] = (histogram[bits] as number) + samples
  }
  const samples = other.samplesOf.reduce((sum, count) => sum + count, 0)
  const common = Math.max(COMMON_SHARE * samples, isSparse(other) ? MIN_COMMON_FRAMES : 0)
  const limits = new Array<Limit>(own.runs).fill(NO_RIVALS)
  for (const [run, histogram] of histograms) {
    const nearest = histogram.findIndex((samples) => samples > 0)
    limits[run] = { limit: limitOf(histogram, common), last: nearest + BETTER_BITS }
  }
  return limits
}

/** Computes the limit of a frame from the distance within which `common` reference samples fall. */
function limitOf(histogram: Float64Array, common: number): number {
  let seen = 0
  for (let bits = 0; bits < MATCH_THRESHOLD_BITS; bits++) {
    seen += histogram[bits] as number
    if (seen >= common) return Math.max(MIN_LIMIT, RIVAL_RATIO * bits)
  }
  return MATCH_THRESHOLD_BITS
}
