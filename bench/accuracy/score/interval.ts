import type { Passage } from '../manifest.ts'

/** From and to, in seconds. */
export type Interval = readonly [number, number]

export const querySide = ({ queryStart, queryEnd }: Passage): Interval => [queryStart, queryEnd]
export const refSide = ({ refStart, refEnd }: Passage): Interval => [refStart, refEnd]

export const common = (a: Interval, b: Interval): Interval => [Math.max(a[0], b[0]), Math.min(a[1], b[1])]
export const lengthOf = ([from, to]: Interval): number => Math.max(0, to - from)

/** Whether two passages overlap on both sides. */
export const overlap = (a: Passage, b: Passage): boolean =>
  lengthOf(common(querySide(a), querySide(b))) > 0 && lengthOf(common(refSide(a), refSide(b))) > 0

/** Length of what the intervals cover together. */
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

/** Sum of the lengths, overlaps counted as often as they occur. */
export const totalLength = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, interval) => sum + lengthOf(interval), 0)
