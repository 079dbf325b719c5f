import type { FramePairing } from '../frames/frame-pairing.ts'
import { refineFrameLine } from '../frames/refine-frame-line.ts'
import { type Hits, houghPeaks, type Line, SPEEDS } from '../lines/hough-peaks.ts'

/** Windows of the rows in which lines are sought: 2 s at normal speed, and 4 s, which show their speed, at any. */
const WINDOWS = [
  { length: 8, rates: [1] },
  { length: 16, rates: SPEEDS },
]
/** Number of lines per window. */
const LINES_PER_WINDOW = 3
/** Limit on work: windows of long queries are further apart. */
const MAX_WINDOWS = 400

/** A line, and the rows (both ends inclusive) in which it was found. */
export type WindowLine = { readonly line: Line; readonly from: number; readonly to: number }

/**
 * Returns the best lines of each few seconds of the rows. A passage of a second or two has few votes among those of a
 * whole video, but most of its window.
 */
export function windowLines(pairing: FramePairing): WindowLine[] {
  const { rows, columns, found } = pairing
  const count = rows.runAt.length
  const hitsWithin = hitsByRow(found.hits, { count, stepMs: rows.stepMs })
  const binMs = Math.min(rows.stepMs, columns.stepMs)
  const lines: WindowLine[] = []
  for (const { length, rates } of WINDOWS) {
    const step = Math.max(length / 2, Math.ceil(count / MAX_WINDOWS))
    for (let from = 0; from < count; from += step) {
      const to = Math.min(from + length, count) - 1
      const peaks = houghPeaks(hitsWithin(from, to), { binMs, rates, limit: LINES_PER_WINDOW })
      for (const peak of peaks) lines.push({ line: refineFrameLine(pairing, peak, { from, to }), from, to })
    }
  }
  return lines
}

/** Sorts hits by row, and returns a function that selects those of some rows, both ends inclusive. */
function hitsByRow(
  hits: Hits,
  { count, stepMs }: { count: number; stepMs: number },
): (from: number, to: number) => Hits {
  const rowOf = (i: number) => Math.min(count - 1, Math.round((hits.queryMs[i] as number) / stepMs))
  const firstOf = new Uint32Array(count + 1)
  for (let i = 0; i < hits.size; i++) firstOf[rowOf(i) + 1] = (firstOf[rowOf(i) + 1] as number) + 1
  for (let row = 1; row <= count; row++)
    firstOf[row] = (firstOf[row] as number) + (firstOf[row - 1] as number)
  const next = firstOf.slice()
  const sorted = {
    queryMs: new Float64Array(hits.size),
    refFromMs: new Float64Array(hits.size),
    refToMs: new Float64Array(hits.size),
    weight: new Float32Array(hits.size),
  }
  for (let i = 0; i < hits.size; i++) {
    const row = rowOf(i)
    const at = next[row] as number
    next[row] = at + 1
    sorted.queryMs[at] = hits.queryMs[i] as number
    sorted.refFromMs[at] = hits.refFromMs[i] as number
    sorted.refToMs[at] = hits.refToMs[i] as number
    sorted.weight[at] = hits.weight[i] as number
  }
  return (from, to) => {
    const part = [firstOf[from] as number, firstOf[to + 1] as number] as const
    return {
      size: part[1] - part[0],
      queryMs: sorted.queryMs.subarray(...part),
      refFromMs: sorted.refFromMs.subarray(...part),
      refToMs: sorted.refToMs.subarray(...part),
      weight: sorted.weight.subarray(...part),
    }
  }
}
