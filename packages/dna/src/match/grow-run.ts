/** A stretch of rows, both ends included. */
type Rows = { readonly from: number; readonly to: number }

/** How far a sum of values may fall behind its best before growing ends. */
const PATIENCE = 1.5

/**
 * The run, lengthened at both ends for as long as `valueAt` adds up (null ends it at once, 0 is neutral). What lets a
 * run stand as evidence is strict: a frame that resembles the whole scene tells little. Once the line is proven, the
 * question at its ends is only whether the pictures still go together.
 */
export function grownRun(run: Rows, valueAt: (row: number) => number | null): Rows {
  return { from: endOf(run.from, -1, valueAt), to: endOf(run.to, 1, valueAt) }
}

function endOf(start: number, step: 1 | -1, valueAt: (row: number) => number | null): number {
  let end = start
  let best = 0
  let sum = 0
  for (let row = start + step; sum > best - PATIENCE; row += step) {
    const value = valueAt(row)
    if (value === null) break
    sum += value
    if (value > 0 && sum > best) {
      best = sum
      end = row
    }
  }
  return end
}
