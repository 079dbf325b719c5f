/** Rows `from` to `to`, both ends inclusive, and the sum of their values. */
export type Interval = { readonly from: number; readonly to: number; readonly sum: number }

/**
 * Returns the interval with the largest positive sum (Kadane's algorithm; Bentley, Programming Pearls, 1984), or null
 * if no value is positive. Zeros at its ends are excluded, so neutral rows never lengthen it.
 */
export function maxSumInterval(values: Float64Array): Interval | null {
  let best: Interval | null = null
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
