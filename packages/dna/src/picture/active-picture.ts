import {
  deviationPercentile,
  type FrameStatistics,
  type LineStatistics,
  QUIET_DEVIATION,
} from './line-statistics.ts'
import { FRAME_SIDE, type Rect, WHOLE_FRAME } from './rect.ts'

/** Share of the frames in which a bar must be quiet; fades and captions disturb the others. Source: the prototype. */
const QUIET_SHARE = 0.8
/** The same for a bar opposite one of equal width, because subtitles appear in the lower bar. */
const QUIET_SHARE_OPPOSITE = 0.4
/** Opposite bars count as equally wide if they differ by at most this many lines. */
export const SAME_WIDTH_LINES = 1.5
/** Width of the widest bar: 42 % of the side. Source: the prototype. */
export const MAX_BAR_LINES = Math.trunc(FRAME_SIDE * 0.42)
/** Bars are black. Even brightened, or filmed off a screen, they are darker than this grey level. */
export const MAX_BAR_LEVEL = 48
/** A bar keeps one colour over its area and over time to within this many grey levels; a shadow does not. */
const MAX_LEVEL_SPREAD = 3
/**
 * The level of a line this even, in grey levels, may change between scenes: a coarse quantiser rounds an even block to
 * a multiple of its step and keeps it until the next scene. At the lowest bit rates the step is 19 of 255 levels, and
 * two levels that far apart spread by 9.5. Real bars spread by 3.4 to 3.9. A shadow that changes is also uneven.
 */
const FLAT_DEVIATION = 1.5
const MAX_FLAT_SPREAD = 10
/**
 * The picture starts abruptly beside a bar: its deviation, in grey levels, exceeds that of the bar by this factor and
 * step, ...
 */
const EDGE_FACTOR = 3
const EDGE_STEP = 5
/** ... or it is this much brighter. */
const EDGE_LEVEL_STEP = 16
/** Number of lines of a bar beside the picture that stay clean if a logo or caption is in the bar. */
const MIN_CLEAN_LINES = 3

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

/** Whether a line looks like a bar (quiet, black, uniform) and like the outermost line. */
function isBarLine(side: Side, line: number): boolean {
  const unevenness = side.deviationAt(line)
  if (unevenness >= QUIET_DEVIATION) return false
  const { mean, deviation } = side.levelAt(line)
  const outermost = side.levelAt(0).mean
  const maxSpread = unevenness <= FLAT_DEVIATION ? MAX_FLAT_SPREAD : MAX_LEVEL_SPREAD
  return mean <= MAX_BAR_LEVEL && deviation <= maxSpread && Math.abs(mean - outermost) <= MAX_LEVEL_SPREAD
}

/**
 * Returns the possible widths of the bar on one side: up to the end of the first lines that look like a bar and, if a
 * logo or caption is in the bar, up to the end of each later group of such lines.
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
    if (clean === line || clean >= MIN_CLEAN_LINES) widths.push(widthOf(side, line, clean))
    clean = 0
  }
  return widths
}

/**
 * Returns the width of a bar of `lines` lines; 0 if no picture starts beside it. The last `clean` lines look like a
 * bar. A line that is part bar and part picture is divided by its deviation, or by its brightness if the picture starts
 * with an even border. Half a line changes eight bits of a hash.
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
 * Returns the widths of the bars at both ends of an axis. A bar that is disturbed too often still counts if the
 * opposite bar is equally wide; so do two bars with a permanent logo.
 */
function barsOf(lines: LineStatistics): [number, number] {
  const widthsOf = (fromEnd: boolean, share: number) => barWidths(sideOf(lines, fromEnd, share))
  const [starts, ends] = [widthsOf(false, QUIET_SHARE), widthsOf(true, QUIET_SHARE)]
  const [start, end] = [starts[0] ?? 0, ends[0] ?? 0]
  const paired = widestPair(starts, ends)
  if (paired && Math.min(...paired) > Math.max(start, end) - SAME_WIDTH_LINES) return paired
  if (Math.abs(start - end) <= SAME_WIDTH_LINES) return [start, end]
  const narrowIsEnd = end < start
  const wide = Math.max(start, end)
  const disturbed = widthsOf(narrowIsEnd, QUIET_SHARE_OPPOSITE)[0] ?? 0
  if (Math.abs(disturbed - wide) > SAME_WIDTH_LINES) return [start, end]
  return narrowIsEnd ? [wide, disturbed] : [disturbed, wide]
}

/** The widest pair of equally wide bars. */
function widestPair(starts: readonly number[], ends: readonly number[]): [number, number] | null {
  for (const start of starts.toReversed()) {
    const end = ends.find((width) => Math.abs(start - width) <= SAME_WIDTH_LINES)
    if (end !== undefined && Math.min(start, end) > 0) return [start, end]
  }
  return null
}

/**
 * Returns the active picture: the frame without edges that stay quiet and black nearly all the time (letterbox,
 * pillarbox). Returns the whole frame if there are no statistics.
 */
export function findActivePicture({ frames, rows, columns }: FrameStatistics): Rect {
  if (frames === 0) return WHOLE_FRAME
  const [left, right] = barsOf(columns)
  const [top, bottom] = barsOf(rows)
  return { left, top, right: FRAME_SIDE - right, bottom: FRAME_SIDE - bottom }
}
