/** Rows `from` to `to`, both ends inclusive. */
type Rows = { readonly from: number; readonly to: number }

type TrimOptions = {
  /** An interval with a lower mean is left as it is: where little matches, nothing tells chance from the rest. */
  readonly clear: number
  /** What chance may add to an end. */
  readonly chance: number
  /** Fewest rows that are trimmed. */
  readonly fewest: number
}

/** An end is trimmed if its mean is below this share of the mean of the interval. */
const SPARSE_SHARE = 0.2

/**
 * Returns an interval without the ends that chance may have added to it. The largest sum takes in a distant row that
 * matches by chance if the rows between cost little. If nearly every row matches, few rows with matches are not part of it.
 */
export function trimInterval(
  { from, to }: Rows,
  values: Float64Array,
  { clear, chance, fewest }: TrimOptions,
): Rows {
  let total = 0
  for (let row = from; row <= to; row++) total += values[row] ?? 0
  const mean = total / (to - from + 1)
  if (mean < clear) return { from, to }
  const sparseRows = (valueAt: (i: number) => number): number => {
    let sum = 0
    let least = 0
    let rows = 0
    for (let i = 0; i < to - from; i++) {
      sum += valueAt(i)
      if (sum >= chance) break
      const excess = sum - SPARSE_SHARE * mean * (i + 1)
      if (excess < least) {
        least = excess
        rows = i + 1
      }
    }
    return rows < fewest ? 0 : rows
  }
  const first = from + sparseRows((i) => values[from + i] ?? 0)
  const last = to - sparseRows((i) => values[to - i] ?? 0)
  return first <= last ? { from: first, to: last } : { from, to }
}
