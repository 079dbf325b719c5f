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
  if (side.deviationAt(line) >= QUIET_DEVIATION) return false
  const { mean, deviation } = side.levelAt(line)
  const outermost = side.levelAt(0).mean
  return (
    mean <= MAX_BAR_LEVEL && deviation <= MAX_LEVEL_SPREAD && Math.abs(mean - outermost) <= MAX_LEVEL_SPREAD
  )
}

/**
 * Width of the bar on one side in lines, 0 for none. A line that is part bar and part picture is divided by how
 * lively it is, or how bright where the picture itself begins with an even border: half a line more or less changes
 * eight bits of a hash.
 */
function barWidth(side: Side): number {
  let lines = 0
  while (lines < MAX_BAR_LINES && isBarLine(side, lines)) lines++
  if (lines === 0) return 0
  const middle = Math.trunc(lines / 2)
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

/** The bars of both ends of an axis; one that is disturbed too often is believed if the other is of its width. */
function barsOf(lines: LineStatistics): [number, number] {
  const widthOf = (fromEnd: boolean, share: number) => barWidth(sideOf(lines, fromEnd, share))
  const start = widthOf(false, SHARE_OF_FRAMES)
  const end = widthOf(true, SHARE_OF_FRAMES)
  if (Math.abs(start - end) <= SAME_WIDTH_LINES) return [start, end]
  const narrowIsEnd = end < start
  const wide = Math.max(start, end)
  const doubted = widthOf(narrowIsEnd, SHARE_OPPOSITE)
  if (Math.abs(doubted - wide) > SAME_WIDTH_LINES) return [start, end]
  return narrowIsEnd ? [wide, doubted] : [doubted, wide]
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
