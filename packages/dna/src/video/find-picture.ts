import {
  deviationPercentile,
  type FrameStatistics,
  type LineStatistics,
  QUIET_DEVIATION,
} from './line-statistics.ts'
import { FRAME_SIDE, type Window } from './resample.ts'

/** The whole frame: no bars. */
export const WHOLE_FRAME: Window = { left: 0, top: 0, right: FRAME_SIDE, bottom: FRAME_SIDE }

/** A bar may be lively in a fifth of the frames: fades, captions. Source: the prototype. */
const SHARE_OF_FRAMES = 0.8
/** Opposite a bar of the same width it may be lively more often: subtitles stand in the lower bar. */
const SHARE_OPPOSITE = 0.4
/** Bars on opposite sides are of one width when they differ by no more than so many lines. */
export const SAME_WIDTH_LINES = 1.5
/** The widest bar: 42 % of the side. Source: the prototype. */
export const MAX_BAR_LINES = Math.trunc(FRAME_SIDE * 0.42)
/** Bars are black; brightened or filmed off a screen they are still darker than this. */
export const MAX_BAR_LEVEL = 48
/** A bar has one colour all over and all the time, to so many grey levels; a shadow has not. */
const MAX_LEVEL_SPREAD = 3
/**
 * A line this even, in grey levels, may change its level from scene to scene: a coarse quantiser sets an even block to a
 * multiple of its step and keeps it until the next scene. At the lowest rates that is 16 levels of a video's 219, 19 of
 * 255, and two levels so far apart spread by 9.5. Real bars spread by 3.4 to 3.9. A shadow that changes is uneven too.
 */
const FLAT_DEVIATION = 1.5
const MAX_FLAT_SPREAD = 10
/** Beside a bar the picture begins at once: so much livelier than the bar is, in grey levels. */
const EDGE_FACTOR = 3
const EDGE_STEP = 5
/** Or so much brighter. */
const EDGE_LEVEL_STEP = 16

/** The lines of one side, counted from the edge of the frame inwards. */
type Side = { deviationAt(line: number): number; levelAt(line: number): { mean: number; deviation: number } }

function sideOf(lines: LineStatistics, fromEnd: boolean, share: number): Side {
  const lineOf = (line: number) => (fromEnd ? FRAME_SIDE - 1 - line : line)
  return {
    deviationAt: (line) => deviationPercentile(lines, lineOf(line), share),
    levelAt: (line) => {
      const at = lineOf(line)
      const frames = Math.max(1, lines.quiet[at] as number)
      const mean = (lines.levels[at] as number) / frames
      const square = (lines.squaredLevels[at] as number) / frames
      return { mean, deviation: Math.sqrt(Math.max(0, square - mean * mean)) }
    },
  }
}

/** Does a line look like the outermost one, and that one like a bar: quiet, black, always of one shade? */
function isBarLine(side: Side, line: number): boolean {
  const unevenness = side.deviationAt(line)
  if (unevenness >= QUIET_DEVIATION) return false
  const { mean, deviation } = side.levelAt(line)
  const outermost = side.levelAt(0).mean
  const mostSpread = unevenness <= FLAT_DEVIATION ? MAX_FLAT_SPREAD : MAX_LEVEL_SPREAD
  return mean <= MAX_BAR_LEVEL && deviation <= mostSpread && Math.abs(mean - outermost) <= MAX_LEVEL_SPREAD
}

/** Lines of a bar that stay clean beside the picture where something stands in it. */
const LEAST_CLEAN_LINES = 3

/**
 * Where bars on one side may end: after the first lines that look like one, and where something stands in the bar (a
 * logo, captions), after each later run of such lines.
 */
function barWidths(side: Side): number[] {
  if (!isBarLine(side, 0)) return []
  const widths: number[] = []
  let clean = 0
  for (let line = 0; line <= MAX_BAR_LINES; line++) {
    if (line < MAX_BAR_LINES && isBarLine(side, line)) {
      clean++
      continue
    }
    if (clean === line || clean >= LEAST_CLEAN_LINES) widths.push(widthOf(side, line, clean))
    clean = 0
  }
  return widths
}

/**
 * Width of a bar of `lines` lines, 0 where no picture begins beside it; `clean` of them, beside the picture, look like
 * one. A line that is part bar and part picture is divided by how lively it is, or how bright where the picture itself
 * begins with an even border: half a line more or less changes eight bits of a hash.
 */
function widthOf(side: Side, lines: number, clean: number): number {
  const middle = lines - clean + Math.trunc(clean / 2)
  const own = side.deviationAt(middle)
  const inside = side.deviationAt(lines + 1)
  const level = side.levelAt(middle).mean
  const step = side.levelAt(lines + 1).mean - level
  const isLively = inside >= EDGE_STEP + EDGE_FACTOR * own
  if (!isLively && step < EDGE_LEVEL_STEP) return 0
  const pictureShare = (line: number) => {
    const share = isLively
      ? (side.deviationAt(line) - own) / (inside - own)
      : (side.levelAt(line).mean - level) / step
    return Math.min(1, Math.max(0, share))
  }
  return lines + 1 - pictureShare(lines) - pictureShare(lines - 1)
}

/**
 * The bars of both ends of an axis. One that is disturbed too often is believed if the other is of its width, and so
 * are two in which something stands all the time.
 */
function barsOf(lines: LineStatistics): [number, number] {
  const widthsOf = (fromEnd: boolean, share: number) => barWidths(sideOf(lines, fromEnd, share))
  const [starts, ends] = [widthsOf(false, SHARE_OF_FRAMES), widthsOf(true, SHARE_OF_FRAMES)]
  const [start, end] = [starts[0] ?? 0, ends[0] ?? 0]
  const paired = widestPair(starts, ends)
  if (paired && Math.min(...paired) > Math.max(start, end) - SAME_WIDTH_LINES) return paired
  if (Math.abs(start - end) <= SAME_WIDTH_LINES) return [start, end]
  const narrowIsEnd = end < start
  const wide = Math.max(start, end)
  const doubted = widthsOf(narrowIsEnd, SHARE_OPPOSITE)[0] ?? 0
  if (Math.abs(doubted - wide) > SAME_WIDTH_LINES) return [start, end]
  return narrowIsEnd ? [wide, doubted] : [doubted, wide]
}

/** The widest bars of one width. */
function widestPair(starts: readonly number[], ends: readonly number[]): [number, number] | null {
  for (const start of starts.toReversed()) {
    const end = ends.find((width) => Math.abs(start - width) <= SAME_WIDTH_LINES)
    if (end !== undefined && Math.min(start, end) > 0) return [start, end]
  }
  return null
}

/**
 * The part of the frames that is picture: frames whose edges stay quiet and black nearly all the time lose those
 * edges. The whole frame where nothing is known.
 */
export function findPicture({ frames, rows, columns }: FrameStatistics): Window {
  if (frames === 0) return WHOLE_FRAME
  const [left, right] = barsOf(columns)
  const [top, bottom] = barsOf(rows)
  return { left, top, right: FRAME_SIDE - right, bottom: FRAME_SIDE - bottom }
}
