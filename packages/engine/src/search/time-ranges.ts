import type { TimeRange } from '../threads/tasks.ts'

/** Merges ranges that overlap or are at most `gapMs` apart, and clips them to 0..durationMs. */
export function joinRanges(
  ranges: readonly TimeRange[],
  { durationMs, gapMs }: { readonly durationMs: number; readonly gapMs: number },
): TimeRange[] {
  const joined: { fromMs: number; toMs: number }[] = []
  for (const { fromMs, toMs } of [...ranges].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1)
    const end = Math.min(toMs, durationMs)
    if (last !== undefined && fromMs <= last.toMs + gapMs) last.toMs = Math.max(last.toMs, end)
    else joined.push({ fromMs: Math.max(0, fromMs), toMs: end })
  }
  return joined.filter((range) => range.toMs > range.fromMs)
}

/** Total length, in milliseconds, of the parts of a range that other ranges cover. */
export function coveredMs({ fromMs, toMs }: TimeRange, ranges: readonly TimeRange[]): number {
  return joinRanges(ranges, { durationMs: Number.POSITIVE_INFINITY, gapMs: 0 })
    .map((range) => Math.min(range.toMs, toMs) - Math.max(range.fromMs, fromMs))
    .reduce((sum, overlapMs) => sum + Math.max(0, overlapMs), 0)
}

/** Sum of the lengths of ranges, in milliseconds. Overlaps count more than once. */
export function totalMs(ranges: readonly TimeRange[]): number {
  return ranges.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
}
