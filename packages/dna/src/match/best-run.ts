/** Rows `from` to `to`, both included, and the sum of their values. */
export type Run = { readonly from: number; readonly to: number; readonly sum: number }

/**
 * The stretch of values with the largest positive sum (Kadane's algorithm), or null where no value is positive.
 * Zeros at its ends are left out, so that neutral rows never lengthen a run.
 */
export function bestRun(values: Float64Array): Run | null {
  let best: Run | null = null
  let from = 0
  let sum = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0
    if (sum <= 0) {
      sum = 0
      from = row
    }
    sum += value
    if (value > 0 && sum > (best?.sum ?? 0)) best = { from, to: row, sum }
  }
  if (!best) return null
  while (best.from < best.to && (values[best.from] ?? 0) <= 0) best = { ...best, from: best.from + 1 }
  return best
}
