import { HASH_WORDS } from './hamming.ts'
import { type PictureLane, runsShown, shownHashes } from './picture-lane.ts'
import { scanner } from './scanner.ts'
import type { Hits } from './vote-lines.ts'

/** Distance in bits from which two frames no longer count as alike; unrelated frames lie over 96 (measured). */
export const ALIKE_BITS = 92
/** Bound on comparisons: long videos are searched with fewer rows (20 s against 30 min needs 0.6 million). */
const MAX_COMPARISONS = 10_000_000
const MAX_HITS = 600_000
/** Rows are taken in this many interleaved passes, so that a full table of hits still covers all of them. */
const PASSES = 8
/** Exponent by which a common look (a still scene, a jingle) counts less; measured by a prototype. */
const COMMON_POWER = 0.25
/**
 * A frame of the query that resembles this share of the whole reference is judged by how much better than that a
 * moment fits: a scene that stands still looks like itself at any time, and only the right time fits better.
 */
const COMMON_SHARE = 0.25
/** A moment must lie under this part of the distance of that share ... */
const RIVAL_RATIO = 0.75
/** ... but equal pictures stay equal however common: up to here a frame is never called unlike. */
const LEAST_LIMIT = 24

/** Where a frame fits another moment better by so many bits, this one is none of its places. */
const BETTER_BITS = 24

/** Pairs of like frames, with what the evidence on a line needs to weigh any pair. */
export type PictureHits = {
  readonly hits: Hits
  /** Weight 0..1 of a row's run and a column's run at a distance in bits. */
  readonly weightOf: (rowRun: number, columnRun: number, bits: number) => number
}

type Draft = {
  readonly rowMs: number[]
  readonly rowRuns: number[]
  readonly columnRuns: number[]
  readonly bits: number[]
}

/**
 * Compares two tracks frame by frame. `query` says which of them is the query's: its frames are judged by how
 * common they are in the reference, if `judgeRivals`.
 */
export function pictureHits(
  rows: PictureLane,
  columns: PictureLane,
  { query, judgeRivals = true }: { query: 'rows' | 'columns'; judgeRivals?: boolean },
): PictureHits {
  const draft: Draft = { rowMs: [], rowRuns: [], columnRuns: [], bits: [] }
  const stride = Math.max(1, Math.ceil((rows.runAt.length * columns.runs) / MAX_COMPARISONS))
  const count = Math.ceil(rows.runAt.length / stride)
  const shown = runsShown(columns)
  scanner.loadHashes(shownHashes(columns))
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

/** Compares a row with the columns that the scanner holds; `shown` are their runs. */
function compareRow(
  rows: PictureLane,
  shown: readonly number[],
  { row, draft }: { row: number; draft: Draft },
): void {
  const run = rows.runAt[row] ?? -1
  if (run < 0) return
  const probe = rows.hashes.subarray(run * HASH_WORDS, (run + 1) * HASH_WORDS)
  const finds = scanner.near(probe, ALIKE_BITS)
  for (let at = 0; at < finds.length; at += 2) {
    draft.rowMs.push(row * rows.stepMs)
    draft.rowRuns.push(run)
    draft.columnRuns.push(shown[finds[at] as number] as number)
    draft.bits.push(finds[at + 1] as number)
  }
}

function weighHits(
  draft: Draft,
  {
    rows,
    columns,
    share,
    query,
    judgeRivals,
  }: {
    rows: PictureLane
    columns: PictureLane
    share: number
    query: 'rows' | 'columns'
    judgeRivals: boolean
  },
): PictureHits {
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
  // A run of several samples was compared once a sample; each sample saw the same.
  const rowNorm = seenInRow.map((seen, run) =>
    normOf((seen * share) / Math.max(1, rows.samplesOf[run] as number)),
  )
  const columnNorm = seenInColumn.map(normOf)
  const limits = judgeRivals ? limitsOf(draft, { rows, columns, share, query }) : []
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

function firstMs(lane: PictureLane, run: number): number {
  return (lane.firstOf[run] as number) * lane.stepMs
}

function lastMs(lane: PictureLane, run: number): number {
  return firstMs(lane, run) + ((lane.samplesOf[run] as number) - 1) * lane.stepMs
}

/** The distance from which a frame counts as unlike, and the largest at which no other place fits much better. */
type Limit = { readonly limit: number; readonly last: number }

const NO_RIVALS: Limit = { limit: ALIKE_BITS, last: ALIKE_BITS }

/** What each run of the query must keep to, from how common it is in the reference and where it fits best. */
function limitsOf(
  draft: Draft,
  {
    rows,
    columns,
    share,
    query,
  }: { rows: PictureLane; columns: PictureLane; share: number; query: 'rows' | 'columns' },
): Limit[] {
  const [mine, other] = query === 'rows' ? [rows, columns] : [columns, rows]
  const histograms = new Map<number, Float64Array>()
  for (let i = 0; i < draft.bits.length; i++) {
    const row = draft.rowRuns[i] as number
    const column = draft.columnRuns[i] as number
    const run = query === 'rows' ? row : column
    const histogram = histograms.get(run) ?? new Float64Array(ALIKE_BITS)
    histograms.set(run, histogram)
    const bits = draft.bits[i] as number
    const samples =
      query === 'rows'
        ? ((columns.samplesOf[column] as number) * share) / Math.max(1, rows.samplesOf[row] as number)
        : share
    histogram[bits] = (histogram[bits] as number) + samples
  }
  const common = COMMON_SHARE * other.samplesOf.reduce((sum, count) => sum + count, 0)
  const limits = new Array<Limit>(mine.runs).fill(NO_RIVALS)
  for (const [run, histogram] of histograms) {
    const nearest = histogram.findIndex((samples) => samples > 0)
    limits[run] = { limit: limitOf(histogram, common), last: nearest + BETTER_BITS }
  }
  return limits
}

/** The limit for a frame, from the distance within which so many samples of the reference lie. */
function limitOf(histogram: Float64Array, common: number): number {
  let seen = 0
  for (let bits = 0; bits < ALIKE_BITS; bits++) {
    seen += histogram[bits] as number
    if (seen >= common) return Math.max(LEAST_LIMIT, RIVAL_RATIO * bits)
  }
  return ALIKE_BITS
}
