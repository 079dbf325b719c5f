/** The interval in which two tracks match best at one offset, in items. */
export type MatchedInterval = {
  readonly queryFrom: number
  readonly refFrom: number
  readonly length: number
  /** Sum of the gains along it. */
  readonly evidence: number
}

/** The evidence of item `i` of the query and item `j` of the reference: above 0 for a copy, below 0 against it. */
export type Gain = (i: number, j: number) => number

/** Tries every offset and returns the interval with the largest sum; null if none is positive. */
export function maxSumInterval(
  gain: Gain,
  { queryItems, refItems }: { queryItems: number; refItems: number },
): MatchedInterval | null {
  let best: MatchedInterval | null = null
  for (let offset = 1 - queryItems; offset < refItems; offset++) {
    let sum = 0
    let from = Math.max(0, -offset)
    const until = Math.min(queryItems, refItems - offset)
    for (let i = from; i < until; i++) {
      sum += gain(i, i + offset)
      if (sum <= 0) {
        sum = 0
        from = i + 1
      } else if (sum > (best?.evidence ?? 0)) {
        best = { queryFrom: from, refFrom: from + offset, length: i + 1 - from, evidence: sum }
      }
    }
  }
  return best
}
