import type { Passage } from '../manifest.ts'

/** Start and end in seconds. */
export type Interval = readonly [number, number]

export function querySide({ queryStart, queryEnd }: Passage): Interval {
  return [queryStart, queryEnd]
}

export function refSide({ refStart, refEnd }: Passage): Interval {
  return [refStart, refEnd]
}

export function common(a: Interval, b: Interval): Interval {
  return [Math.max(a[0], b[0]), Math.min(a[1], b[1])]
}

export function lengthOf([from, to]: Interval): number {
  return Math.max(0, to - from)
}

/** Whether two segments overlap in both videos. */
export function overlap(a: Passage, b: Passage): boolean {
  return lengthOf(common(querySide(a), querySide(b))) > 0 && lengthOf(common(refSide(a), refSide(b))) > 0
}

/** Length of the union of the intervals. */
export function unionLength(intervals: readonly Interval[]): number {
  let total = 0
  let end = Number.NEGATIVE_INFINITY
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    if (to <= from || to <= end) continue
    total += to - Math.max(from, end)
    end = to
  }
  return total
}

/** Length of the intersection of two unions. */
export function sharedLength(a: readonly Interval[], b: readonly Interval[]): number {
  return unionLength(a) + unionLength(b) - unionLength([...a, ...b])
}

/** Sum of the lengths, with overlaps counted each time. */
export function totalLength(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, interval) => sum + lengthOf(interval), 0)
}
