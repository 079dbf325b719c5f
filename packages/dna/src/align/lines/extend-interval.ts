/** Rows `from` to `to`, both included. */
type Rows = { readonly from: number; readonly to: number }

/** How far the running sum may fall below its maximum before extension stops (the X-drop of BLAST). */
const MAX_DROP = 1.5

/**
 * Extends an interval at both ends while the sum of the values grows; null ends it at once, 0 is neutral. Evidence for
 * an alignment is strict, because a frame that resembles the whole scene proves little. Once the line is established,
 * the only question at its ends is whether the content still corresponds. Source: X-drop extension, Altschul et al.,
 * BLAST, 1990.
 */
export function extendInterval(interval: Rows, valueAt: (row: number) => number | null): Rows {
  return { from: endOf(interval.from, -1, valueAt), to: endOf(interval.to, 1, valueAt) }
}

function endOf(start: number, step: 1 | -1, valueAt: (row: number) => number | null): number {
  let end = start
  let best = 0
  let sum = 0
  for (let row = start + step; sum > best - MAX_DROP; row += step) {
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
