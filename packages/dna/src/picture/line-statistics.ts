import { frameEngine } from './frame-engine.ts'
import { FRAME_SIDE } from './rect.ts'

/** Bins of a histogram of deviations, each half a grey level wide. The last bin counts all larger deviations. */
const BINS = 128
const BIN_WIDTH = 0.5

/** A line with a smaller deviation in a frame may belong to a bar. Source: the prototype, tuned on other footage. */
export const QUIET_DEVIATION = 5
/** Minimum number of lively rows and columns of an informative frame: no letterbox leaves less picture. */
const INFORMATIVE_LINES = Math.round(FRAME_SIDE * 0.16)

/** Statistics of all rows, or of all columns, of the frames seen. */
export type LineStatistics = {
  /** Histogram of the deviation along each line: FRAME_SIDE times BINS counts. */
  readonly histogram: Uint32Array
  /** Number of frames in which the line was quiet, and the sum and sum of squares of its mean level in them. */
  readonly quiet: Uint32Array
  readonly levels: Float64Array
  readonly squaredLevels: Float64Array
}

export type FrameStatistics = {
  frames: number
  readonly rows: LineStatistics
  readonly columns: LineStatistics
}

function emptyLines(): LineStatistics {
  return {
    histogram: new Uint32Array(FRAME_SIDE * BINS),
    quiet: new Uint32Array(FRAME_SIDE),
    levels: new Float64Array(FRAME_SIDE),
    squaredLevels: new Float64Array(FRAME_SIDE),
  }
}

/** Creates empty statistics. Their size does not grow with the number of frames. */
export function emptyStatistics(): FrameStatistics {
  return { frames: 0, rows: emptyLines(), columns: emptyLines() }
}

/** Mean level and deviation of each line of one frame. */
export type FrameLines = {
  readonly rowMeans: Float64Array
  readonly rowDeviations: Float64Array
  readonly columnMeans: Float64Array
  readonly columnDeviations: Float64Array
}

const measured: FrameLines = {
  rowMeans: new Float64Array(FRAME_SIDE),
  rowDeviations: new Float64Array(FRAME_SIDE),
  columnMeans: new Float64Array(FRAME_SIDE),
  columnDeviations: new Float64Array(FRAME_SIDE),
}

function deviationOf(sum: number, squares: number): number {
  return Math.sqrt(Math.max(0, squares / FRAME_SIDE - (sum / FRAME_SIDE) ** 2))
}

/** Measures the lines of a frame of 192x192 grey pixels. The next call overwrites the result. */
export function measureLines(pixels: Uint8Array): FrameLines {
  const sums = frameEngine.lineSums(pixels)
  for (let line = 0; line < FRAME_SIDE; line++) {
    const [row, column] = [sums[line] as number, sums[2 * FRAME_SIDE + line] as number]
    measured.rowMeans[line] = row / FRAME_SIDE
    measured.rowDeviations[line] = deviationOf(row, sums[FRAME_SIDE + line] as number)
    measured.columnMeans[line] = column / FRAME_SIDE
    measured.columnDeviations[line] = deviationOf(column, sums[3 * FRAME_SIDE + line] as number)
  }
  return measured
}

function livelyLines(deviations: Float64Array): number {
  let lively = 0
  for (const deviation of deviations) if (deviation >= QUIET_DEVIATION) lively++
  return lively
}

/**
 * Whether a frame shows enough picture to distinguish it from bars. In a dark or blank frame the picture looks like
 * bars.
 */
export function isInformative({ rowDeviations, columnDeviations }: FrameLines): boolean {
  return livelyLines(rowDeviations) >= INFORMATIVE_LINES && livelyLines(columnDeviations) >= INFORMATIVE_LINES
}

function addTo(lines: LineStatistics, means: Float64Array, deviations: Float64Array): void {
  for (let line = 0; line < FRAME_SIDE; line++) {
    const deviation = deviations[line] as number
    const at = line * BINS + Math.min(BINS - 1, Math.trunc(deviation / BIN_WIDTH))
    lines.histogram[at] = (lines.histogram[at] as number) + 1
    if (deviation >= QUIET_DEVIATION) continue
    const level = means[line] as number
    lines.quiet[line] = (lines.quiet[line] as number) + 1
    lines.levels[line] = (lines.levels[line] as number) + level
    lines.squaredLevels[line] = (lines.squaredLevels[line] as number) + level * level
  }
}

/** Adds an informative frame. */
export function addLines(statistics: FrameStatistics, lines: FrameLines): void {
  statistics.frames++
  addTo(statistics.rows, lines.rowMeans, lines.rowDeviations)
  addTo(statistics.columns, lines.columnMeans, lines.columnDeviations)
}

function sumInto(to: Uint32Array | Float64Array, from: Uint32Array | Float64Array): void {
  for (let at = 0; at < to.length; at++) to[at] = (to[at] as number) + (from[at] as number)
}

/** Combines the statistics of two sets of frames. */
export function joinStatistics(a: FrameStatistics, b: FrameStatistics): FrameStatistics {
  const joined = emptyStatistics()
  for (const { frames, rows, columns } of [a, b]) {
    joined.frames += frames
    for (const [to, from] of [
      [joined.rows, rows],
      [joined.columns, columns],
    ] as const) {
      sumInto(to.histogram, from.histogram)
      sumInto(to.quiet, from.quiet)
      sumInto(to.levels, from.levels)
      sumInto(to.squaredLevels, from.squaredLevels)
    }
  }
  return joined
}

/** The deviation that a line does not exceed in `share` (0 to 1) of the frames, to half a grey level. */
export function deviationPercentile(lines: LineStatistics, line: number, share: number): number {
  let frames = 0
  for (let bin = 0; bin < BINS; bin++) frames += lines.histogram[line * BINS + bin] as number
  let seen = 0
  for (let bin = 0; bin < BINS; bin++) {
    seen += lines.histogram[line * BINS + bin] as number
    if (seen >= share * frames) return bin * BIN_WIDTH
  }
  return BINS * BIN_WIDTH
}
