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
/** The widest bar: 42 % of the side. Source: the prototype. */
const MAX_BAR_LINES = Math.trunc(FRAME_SIDE * 0.42)
/** Bars are black; brightened or filmed off a screen they are still darker than this. */
const MAX_BAR_LEVEL = 48
/** A bar has one colour all over and all the time, to so many grey levels; a wall or a sky has not. */
const MAX_LEVEL_SPREAD = 3
/** Beside a bar the picture begins at once: so much livelier than the bar is, in grey levels. */
const EDGE_FACTOR = 3
const EDGE_STEP = 5

/** The lines of one side, counted from the edge of the frame inwards. */
type Side = { deviationAt(line: number): number; levelAt(line: number): { mean: number; deviation: number } }

function sideOf(lines: LineStatistics, fromEnd: boolean): Side {
  const lineOf = (line: number) => (fromEnd ? FRAME_SIDE - 1 - line : line)
  return {
    deviationAt: (line) => deviationPercentile(lines, lineOf(line), SHARE_OF_FRAMES),
    levelAt: (line) => {
      const at = lineOf(line)
      const frames = Math.max(1, lines.quiet[at] as number)
      const mean = (lines.levels[at] as number) / frames
      const square = (lines.squaredLevels[at] as number) / frames
      return { mean, deviation: Math.sqrt(Math.max(0, square - mean * mean)) }
    },
  }
}

/** Is the stretch of quiet lines black, all of one shade, which does not change with time? */
function isBlack(side: Side, lines: number): boolean {
  let lowest = 255
  let highest = 0
  // The last line may be half picture.
  for (let line = 0; line < Math.max(1, lines - 1); line++) {
    const { mean, deviation } = side.levelAt(line)
    if (mean > MAX_BAR_LEVEL || deviation > MAX_LEVEL_SPREAD) return false
    lowest = Math.min(lowest, mean)
    highest = Math.max(highest, mean)
  }
  return highest - lowest <= MAX_LEVEL_SPREAD
}

/**
 * Width of the bar on one side in lines, 0 for none. The line that is part bar and part picture is divided by how
 * lively it is: half a line more or less moves eight bits of a hash.
 */
function barWidth(side: Side): number {
  let lines = 0
  while (lines < MAX_BAR_LINES && side.deviationAt(lines) < QUIET_DEVIATION) lines++
  if (lines === 0 || !isBlack(side, lines)) return 0
  const inside = side.deviationAt(lines + 1)
  const own = side.deviationAt(Math.trunc(lines / 2))
  if (inside < EDGE_STEP + EDGE_FACTOR * own) return 0
  return lines + edgeShare(side, lines)
}

/** How much of the lines on either side of a border is bar, from -1 to 1. */
function edgeShare(side: Side, lines: number): number {
  const inside = side.deviationAt(lines + 1)
  const own = side.deviationAt(Math.trunc(lines / 2))
  const share = (line: number) =>
    Math.min(1, Math.max(0, (side.deviationAt(line) - own) / Math.max(1, inside - own)))
  return 1 - share(lines) - share(lines - 1)
}

/**
 * The part of the frames that is picture: frames whose edges stay quiet and black nearly all the time
 * lose those edges. The whole frame where nothing is known.
 */
export function findPicture({ frames, rows, columns }: FrameStatistics): Window {
  if (frames === 0) return WHOLE_FRAME
  return {
    left: barWidth(sideOf(columns, false)),
    top: barWidth(sideOf(rows, false)),
    right: FRAME_SIDE - barWidth(sideOf(columns, true)),
    bottom: FRAME_SIDE - barWidth(sideOf(rows, true)),
  }
}
