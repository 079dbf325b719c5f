/** What maps seconds of the query to seconds of the reference. */
export type Stretch = {
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly refEnd: number
  /** Seconds of the reference in one second of the query. Positive. */
  readonly speed: number
  /** Whether the query plays the reference backwards. */
  readonly reversed: boolean
}

/** A straight line: reference = refAt + rate * (query - queryAt). Backwards passages have a negative rate. */
export type Line = { readonly queryAt: number; readonly refAt: number; readonly rate: number }

/** The line of a passage. */
export function lineOf({ queryStart, refStart, refEnd, speed, reversed }: Stretch): Line {
  return reversed
    ? { queryAt: queryStart, refAt: refEnd, rate: -speed }
    : { queryAt: queryStart, refAt: refStart, rate: speed }
}

/** The second of the reference that a line pairs with a second of the query. May lie outside the video. */
export function refTimeAt(line: Line, queryTime: number): number {
  return line.refAt + line.rate * (queryTime - line.queryAt)
}

/** The second of the query that a line pairs with a second of the reference. */
export function queryTimeAt(line: Line, refTime: number): number {
  return line.queryAt + (refTime - line.refAt) / line.rate
}

/** Which side a time belongs to. */
export type Side = 'query' | 'reference'

/**
 * The index of the passage that explains a second of one side, or -1: the preferred one if it holds that second,
 * otherwise the one with the highest score.
 */
export function passageAt(
  passages: readonly (Stretch & { readonly score: number })[],
  { side, time, preferred }: { readonly side: Side; readonly time: number; readonly preferred: number },
): number {
  const holds = (passage: Stretch | undefined) => {
    if (passage === undefined) return false
    const [start, end] =
      side === 'query' ? [passage.queryStart, passage.queryEnd] : [passage.refStart, passage.refEnd]
    return time >= start && time <= end
  }
  if (holds(passages[preferred])) return preferred
  let best = -1
  passages.forEach((passage, index) => {
    if (holds(passage) && passage.score > (passages[best]?.score ?? 0)) best = index
  })
  return best
}

/** Shorter passages loop with this much around them, in seconds of the query. */
const SHORT_SECONDS = 3
const AROUND_SECONDS = 1

/** The seconds of the query that playing a passage in a loop repeats: 1 s more at either end if it is under 3 s. */
export function loopOf(stretch: Stretch, duration: number): { readonly start: number; readonly end: number } {
  const { queryStart, queryEnd } = stretch
  if (queryEnd - queryStart >= SHORT_SECONDS) return { start: queryStart, end: queryEnd }
  return {
    start: Math.max(0, queryStart - AROUND_SECONDS),
    end: Math.min(duration, queryEnd + AROUND_SECONDS),
  }
}

/** Query seconds of a passage that no other passage shares by half or more. */
export function rowsOf<T extends Stretch & { readonly score: number }>(
  passages: readonly T[],
): readonly { readonly indexes: readonly number[] }[] {
  const rows: { readonly indexes: number[] }[] = []
  passages.forEach((passage, index) => {
    const row = rows.find(({ indexes: [first = -1] }) => {
      const other = passages[first]
      return other !== undefined && sharesHalf(passage, other)
    })
    if (row === undefined) rows.push({ indexes: [index] })
    else row.indexes.push(index)
  })
  return rows
}

function sharesHalf(one: Stretch, other: Stretch): boolean {
  const shared = Math.min(one.queryEnd, other.queryEnd) - Math.max(one.queryStart, other.queryStart)
  return shared >= 0.5 * Math.max(one.queryEnd - one.queryStart, other.queryEnd - other.queryStart)
}
