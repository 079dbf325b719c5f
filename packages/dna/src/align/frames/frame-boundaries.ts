import type { Alignment } from '../lines/find-alignments.ts'
import { clampEnd, clampStart } from '../segments/segment-geometry.ts'
import type { FramePairing } from './frame-pairing.ts'
import { runAtMs } from './frame-timeline.ts'
import { fractionOf } from './refine-frame-line.ts'

/** Boundaries of an alignment in both timelines, in milliseconds. */
export type Boundaries = {
  readonly rowStartMs: number
  readonly rowEndMs: number
  readonly columnStartMs: number
  readonly columnEndMs: number
  readonly rate: number
}

/**
 * Boundaries of an alignment. A cut is somewhere within the step before the first matching sample, so half a step is
 * the best estimate. At the start or end of a video, that start or end is the boundary. Frames that are blank on both
 * sides belong to the adjacent alignment.
 */
export function boundariesOf(
  pairing: FramePairing,
  alignment: Alignment,
  fractionMs = fractionOf(pairing, alignment.line, alignment),
): Boundaries {
  const { rows, columns } = pairing
  const { rate } = alignment.line
  const offsetMs = alignment.line.offsetMs + fractionMs
  const columnMs = (rowMs: number) => rowMs * rate + offsetMs
  const { first, last } = withBlankEnds(pairing, alignment)
  const half = rows.spacingMs / 2
  let startMs = first === 0 ? 0 : first * rows.stepMs - half
  let endMs = last === rows.runAt.length - 1 ? rows.durationMs : last * rows.stepMs + half
  if (rate > 0) {
    // If either video starts or ends within a step of the boundary, that point is the boundary. Sparse rows may first
    // have been moved by up to a step of the columns.
    const reachMs = rows.spacingMs > columns.stepMs ? rows.spacingMs + columns.stepMs : rows.spacingMs
    const lead = Math.min(startMs, columnMs(startMs) / rate)
    if (lead > 0 && lead <= reachMs) startMs -= lead
    const tail = Math.min(rows.durationMs - endMs, (columns.durationMs - columnMs(endMs)) / rate)
    if (tail > 0 && tail <= reachMs) endMs += tail
  }
  // Parts outside the columns are trimmed from both videos.
  const rowMsAt = (ms: number) => (ms - offsetMs) / rate
  const [low, high] = rate > 0 ? [0, columns.durationMs] : [columns.durationMs, 0]
  startMs = Math.min(clampStart(startMs, rowMsAt(low)), endMs)
  endMs = Math.max(clampEnd(endMs, rowMsAt(high)), startMs)
  const within = (ms: number) => Math.min(Math.max(ms, 0), columns.durationMs)
  const ends = [within(columnMs(startMs)), within(columnMs(endMs))] as const
  return {
    rowStartMs: startMs,
    rowEndMs: endMs,
    columnStartMs: Math.min(...ends),
    columnEndMs: Math.max(...ends),
    rate,
  }
}

/** The rows of an alignment, plus adjacent rows at which both timelines are blank. */
function withBlankEnds(
  { rows, columns }: FramePairing,
  { line, from, to }: Alignment,
): { first: number; last: number } {
  const isBlank = (row: number) => {
    const ms = row * rows.stepMs * line.rate + line.offsetMs
    const inside = ms >= 0 && ms < columns.durationMs
    return (rows.runAt[row] as number) < 0 && inside && runAtMs(columns, ms) < 0
  }
  let first = from
  let last = to
  while (first > 0 && isBlank(first - 1)) first--
  while (last + 1 < rows.runAt.length && isBlank(last + 1)) last++
  return { first, last }
}
