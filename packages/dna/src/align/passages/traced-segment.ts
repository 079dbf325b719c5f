import { boundariesOf } from '../frames/frame-boundaries.ts'
import { distancesOn, framePlausibility, isMostlyStatic, scoreFrames } from '../frames/frame-evidence.ts'
import type { FrameTimeline } from '../frames/frame-timeline.ts'
import type { FrameTimelines } from '../frames/frame-timelines.ts'
import { type LineSupport, supportOn } from '../frames/line-support.ts'
import type { PictureTransform } from '../frames/picture-transforms.ts'
import { fractionOf, refineFrameLine } from '../frames/refine-frame-line.ts'
import type { Alignment } from '../lines/find-alignments.ts'
import type { Line } from '../lines/hough-peaks.ts'
import type { TrackSegment } from '../segments/segment.ts'
import type { CandidateLine } from './candidate-lines.ts'

/** Minimum number of rows with a matching frame. */
const MIN_ROWS = 2
/** A passage that is less plausible than this moves unlike the reference. */
const MIN_PLAUSIBILITY = 0.05
/** Evidence per unit of support, for passages too weak to have other evidence. */
const SUPPORT_EVIDENCE = 0.1

/** Samples `from` to `to` of the query, both inclusive, on a line. */
type TracedPassage = { readonly line: CandidateLine; readonly from: number; readonly to: number }

/**
 * The segment of a passage, under the transform that established its line or else supports it most; null if it is
 * implausible.
 */
export function tracedSegment(
  passage: TracedPassage,
  supports: readonly LineSupport[],
  { query, ref }: { readonly query: FrameTimelines; readonly ref: FrameTimelines },
): TrackSegment | null {
  const grid = query.whole
  const known = supports.filter(({ transform }) => hasBoxesOf(passage.line.established?.segment, transform))
  const { support, sum } = (known.length > 0 ? known : supports)
    .map((support) => ({ support, sum: supportOf(passage, support, grid) }))
    .reduce((a, b) => (b.sum > a.sum ? b : a))
  const { pairing, transform } = support
  const found = alignmentOf(passage, support, grid)
  const distances = distancesOn(pairing, found)
  if (distances.length < MIN_ROWS) return null
  const values = new Float64Array(pairing.rows.runAt.length)
  scoreFrames(pairing, found.line, values)
  const evidence = values.subarray(found.from, found.to + 1).reduce((total, value) => total + value, 0)
  const alignment = { ...found, evidence }
  const plausibility = framePlausibility(pairing, alignment)
  if (plausibility < MIN_PLAUSIBILITY) return null
  const { rowStartMs, rowEndMs, columnStartMs, columnEndMs, rate } = boundaries(passage, alignment, {
    support,
    grid,
    columns: ref.whole,
  })
  return {
    queryStartMs: rowStartMs,
    queryEndMs: rowEndMs,
    refStartMs: columnStartMs,
    refEndMs: columnEndMs,
    rate,
    evidence:
      transform.share * Math.max(evidence * plausibility, SUPPORT_EVIDENCE * sum * Math.min(1, plausibility)),
    isStatic: isMostlyStatic(pairing, alignment),
    difference: distances.reduce((total, bits) => total + bits, 0) / distances.length / 256,
    mirrored: transform.mirrored,
    turn: transform.turn,
    queryBox: transform.queryBox,
    refBox: transform.refBox,
  }
}

function hasBoxesOf(segment: TrackSegment | undefined, { queryBox, refBox }: Boxes): boolean {
  return segment !== undefined && segment.queryBox === queryBox && segment.refBox === refBox
}

type Boxes = Pick<PictureTransform, 'queryBox' | 'refBox'>

function supportOf({ line, from, to }: TracedPassage, support: LineSupport, grid: FrameTimeline): number {
  return supportOn([support], line, { grid, from, to })
    .subarray(from, to + 1)
    .reduce((sum, value) => sum + value, 0)
}

/** The passage in rows and columns of a pairing. Lines of a window are refined over all of it. */
function alignmentOf(
  { line, from, to }: TracedPassage,
  { pairing, transform }: LineSupport,
  { stepMs }: FrameTimeline,
): Alignment {
  const { rows } = pairing
  const rowAt = (ms: number) => Math.min(Math.max(Math.round(ms / rows.stepMs), 0), rows.runAt.length - 1)
  const plain = { evidence: 0, meanEvidence: 0 }
  if (transform.query === 'rows') {
    const interval = { from: rowAt(from * stepMs), to: rowAt(to * stepMs) }
    const coarse: Line = { rate: line.rate, offsetMs: line.offsetMs, votes: 0 }
    return {
      line: line.established ? coarse : refineFrameLine(pairing, coarse, interval),
      ...interval,
      ...plain,
    }
  }
  const refMs = [from, to].map((sample) => sample * stepMs * line.rate + line.offsetMs)
  return {
    line: { rate: 1 / line.rate, offsetMs: -line.offsetMs / line.rate, votes: 0 },
    from: rowAt(Math.min(...refMs)),
    to: rowAt(Math.max(...refMs)),
    ...plain,
  }
}

/** Boundaries on the query's grid, which is finer than the rows of some transforms. */
function boundaries(
  { line, from, to }: TracedPassage,
  alignment: Alignment,
  { support, grid, columns }: { support: LineSupport; grid: FrameTimeline; columns: FrameTimeline },
) {
  const { pairing, transform } = support
  const onGrid = { rows: grid, columns, found: pairing.found }
  const isOfQuery = transform.query === 'rows'
  const exact = isOfQuery ? alignment.line : { rate: line.rate, offsetMs: line.offsetMs, votes: 0 }
  // An established line already is between two steps.
  const fractionMs = isOfQuery && !line.established ? fractionOf(pairing, exact, alignment) : 0
  return boundariesOf(onGrid, { ...alignment, line: exact, from, to }, fractionMs)
}
