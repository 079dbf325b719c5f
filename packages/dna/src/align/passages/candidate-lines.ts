import type { FrameTimeline } from '../frames/frame-timeline.ts'
import type { LineSupport, QueryLine } from '../frames/line-support.ts'
import { isOtherSpeed } from '../lines/hough-peaks.ts'
import type { TrackSegment } from '../segments/segment.ts'
import { refMsOn } from '../segments/segment-geometry.ts'
import { windowLines } from './window-lines.ts'

type Established = { readonly segment: TrackSegment; readonly from: number; readonly to: number }

/** A line on which a passage may be, and the samples of the query (both ends inclusive) in which it is considered. */
export type CandidateLine = QueryLine & {
  readonly from: number
  readonly to: number
  /** Support that a passage must exceed. */
  readonly cost: number
  /** The segment that established the line, and its samples; null if it was found in a window of a few seconds. */
  readonly established: Established | null
}

/** Support that a passage must exceed on an established line at normal speed. */
const PASSAGE_COST = 1
/** Further cost of a line that only a window supports, and of another speed. */
const LOCAL_COST = 0.25
const OTHER_SPEED_COST = 0.5
/** How far from its window a local line is followed. */
const REACH_MS = 10_000
/** Lines whose rates and offsets differ by less than this are one: half a step between samples. */
const SAME_RATE = 0.004
const SAME_LINE_MS = 125

/** The lines of known segments and, for pairings whose rows are the query's, those of each few seconds. */
export function candidateLines(
  supports: readonly LineSupport[],
  grid: FrameTimeline,
  known: { readonly frames: readonly TrackSegment[]; readonly audio: readonly TrackSegment[] },
): CandidateLine[] {
  const ofFrames = known.frames.map((segment) => establishedLine(segment, grid))
  const ofAudio = known.audio.map((segment) => ({ ...establishedLine(segment, grid), established: null }))
  const local = supports
    .filter(({ transform }) => transform.query === 'rows')
    .flatMap((support) => linesOfWindows(support, grid))
  return distinct([...ofFrames, ...ofAudio, ...local], grid.stepMs)
}

function establishedLine(segment: TrackSegment, { runAt, stepMs }: FrameTimeline): CandidateLine {
  const { rate, queryStartMs, queryEndMs } = segment
  return {
    rate,
    offsetMs: refMsOn(segment, 0),
    from: 0,
    to: runAt.length - 1,
    cost: PASSAGE_COST + costOfSpeed(rate),
    established: { segment, from: Math.ceil(queryStartMs / stepMs), to: Math.floor(queryEndMs / stepMs) },
  }
}

function linesOfWindows({ pairing }: LineSupport, { runAt, stepMs }: FrameTimeline): CandidateLine[] {
  const { rows } = pairing
  return windowLines(pairing).map(({ line: { rate, offsetMs }, from, to }) => ({
    rate,
    offsetMs,
    from: Math.max(0, Math.floor((from * rows.stepMs - REACH_MS) / stepMs)),
    to: Math.min(runAt.length - 1, Math.ceil((to * rows.stepMs + REACH_MS) / stepMs)),
    cost: PASSAGE_COST + LOCAL_COST + costOfSpeed(rate),
    established: null,
  }))
}

function costOfSpeed(rate: number): number {
  return isOtherSpeed(rate) ? OTHER_SPEED_COST : 0
}

/** Unites lines that are the same in the samples that they share. The first of them decides. */
function distinct(lines: readonly CandidateLine[], stepMs: number): CandidateLine[] {
  const kept: CandidateLine[] = []
  for (const line of lines) {
    const at = kept.findIndex((other) => isSame(other, line, stepMs))
    const other = kept[at]
    if (other) kept[at] = { ...other, from: Math.min(other.from, line.from), to: Math.max(other.to, line.to) }
    else kept.push(line)
  }
  return kept
}

function isSame(a: CandidateLine, b: CandidateLine, stepMs: number): boolean {
  if (a.from > b.to || b.from > a.to || Math.abs(a.rate - b.rate) > SAME_RATE) return false
  const middleMs = ((b.from + b.to) / 2) * stepMs
  return Math.abs(middleMs * (a.rate - b.rate) + a.offsetMs - b.offsetMs) < SAME_LINE_MS
}
