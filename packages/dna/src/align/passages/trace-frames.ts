import { type FrameTimeline, isSparse } from '../frames/frame-timeline.ts'
import type { FrameTimelines } from '../frames/frame-timelines.ts'
import { type AlignedPairing, type LineSupport, lineSupportOf, supportOn } from '../frames/line-support.ts'
import { bestPath, type Passage, type PathLine } from '../lines/best-path.ts'
import { isOtherSpeed } from '../lines/hough-peaks.ts'
import type { TrackSegment } from '../segments/segment.ts'
import { overlapMs } from '../segments/segment-geometry.ts'
import { type CandidateLine, candidateLines } from './candidate-lines.ts'
import { tracedSegment } from './traced-segment.ts'

/**
 * Further support of a sample in which a line is already established at normal speed. In scenes that hardly move, other
 * lines fit as well.
 */
const ESTABLISHED_SUPPORT = 0.1
/** A repetition in the reference differs from the query by at most this much more than what was traced. */
const SAME_DIFFERENCE = 0.08
/** ... and this share of it at most is in the reference's part of a traced passage. */
const SHARED_SHARE = 0.1
/** Passages found implausible are excluded, and the path is sought again, at most this often. */
const MAX_ROUNDS = 4

type TracedLine = {
  readonly line: CandidateLine
  readonly supports: readonly LineSupport[]
  readonly path: PathLine
}

/**
 * Divides a query that is known to share something with a reference into its passages. Alignment asks whether a line
 * proves a copy, and takes the strongest interval first; this asks which line explains each moment best. Jump cuts,
 * loops, ramps and inserted material thus become passages of their own, and passages extend over moments that match
 * better than chance, but too weakly for proof. Returns the given segments if nothing can be traced.
 */
export function traceFrames(
  known: { readonly frames: readonly TrackSegment[]; readonly audio: readonly TrackSegment[] },
  aligned: readonly AlignedPairing[],
  { query, ref }: { readonly query: FrameTimelines; readonly ref: FrameTimelines },
): readonly TrackSegment[] {
  if (isSparse(query.whole) || isSparse(ref.whole)) return known.frames
  const lines = byOrientation(aligned).flatMap((group) => {
    const { mirrored, turn } = (group[0] as AlignedPairing).transform
    const frames = known.frames.filter((one) => one.mirrored === mirrored && one.turn === turn)
    if (frames.length === 0) return []
    const supports = group.map(lineSupportOf)
    return candidateLines(supports, query.whole, { frames, audio: known.audio }).flatMap((line) =>
      lineToTrace(line, supports, { grid: query.whole, refMs: ref.whole.durationMs }),
    )
  })
  for (let round = 1; ; round++) {
    const passages = bestPath(
      query.whole.runAt.length,
      lines.map(({ path }) => path),
    )
    const traced = passages.map((passage) => segmentOf(passage, lines, { query, ref }))
    const isComplete = traced.every((segment) => segment !== null)
    if (isComplete || round === MAX_ROUNDS) {
      const segments = traced.flatMap((segment) => segment ?? [])
      return segments.length > 0 ? [...segments, ...repetitions(known.frames, segments)] : known.frames
    }
    for (const [i, passage] of passages.entries()) if (!traced[i]) exclude(passage, lines)
  }
}

/**
 * Known segments of moments that were traced elsewhere in the reference, and are as good there: a path has one line for
 * each moment of the query, but the reference may contain it several times.
 */
function repetitions(known: readonly TrackSegment[], traced: readonly TrackSegment[]): TrackSegment[] {
  return known.filter((segment) => {
    if (segment.isStatic) return false
    const { refStartMs, refEndMs, difference } = segment
    const isElsewhere = traced.every(
      (one) =>
        Math.min(refEndMs, one.refEndMs) - Math.max(refStartMs, one.refStartMs) <=
        SHARED_SHARE * (refEndMs - refStartMs),
    )
    return (
      isElsewhere &&
      traced.some((one) => overlapMs(segment, one) > 0 && difference <= one.difference + SAME_DIFFERENCE)
    )
  })
}

function byOrientation(aligned: readonly AlignedPairing[]): AlignedPairing[][] {
  const groups = new Map<string, AlignedPairing[]>()
  for (const one of aligned) {
    const key = `${one.transform.mirrored} ${one.transform.turn}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

/** The line with its support where both videos exist; none if they never do. */
function lineToTrace(
  line: CandidateLine,
  supports: readonly LineSupport[],
  { grid, refMs }: { grid: FrameTimeline; refMs: number },
): TracedLine[] {
  const ends = [-line.offsetMs / line.rate, (refMs - line.offsetMs) / line.rate]
  const from = Math.max(line.from, Math.ceil(Math.min(...ends) / grid.stepMs - 0.5))
  const to = Math.min(line.to, Math.floor(Math.max(...ends) / grid.stepMs + 0.25))
  if (to < from) return []
  const support = supportOn(supports, line, { grid, from, to })
  if (line.established && !isOtherSpeed(line.rate)) {
    const last = Math.min(to, line.established.to)
    for (let i = Math.max(from, line.established.from); i <= last; i++)
      support[i] = (support[i] as number) + ESTABLISHED_SUPPORT
  }
  return [{ line, supports, path: { from, to, support, cost: line.cost } }]
}

function segmentOf(
  { line: at, from, to }: Passage,
  lines: readonly TracedLine[],
  timelines: { query: FrameTimelines; ref: FrameTimelines },
): TrackSegment | null {
  const { line, supports } = lines[at] as TracedLine
  return tracedSegment({ line, from, to }, supports, timelines)
}

function exclude({ line, from, to }: Passage, lines: readonly TracedLine[]): void {
  lines[line]?.path.support.fill(Number.NEGATIVE_INFINITY, from, to + 1)
}
