/** A stretch of a video in seconds. */
export type Range = { readonly start: number; readonly end: number }

/** The server takes ranges of these lengths, in seconds. */
const LEAST_SECONDS = 0.5
const MOST_SECONDS = 600

/** Moves one end of a range to a second, within the video and the lengths that the server takes. */
export function withEnd(range: Range, side: keyof Range, seconds: number, duration: number): Range {
  const rounded = Math.round(seconds * 10) / 10
  const [least, most] = boundsOf(range, side, duration)
  const moved = Math.min(most, Math.max(least, Number.isNaN(rounded) ? least : rounded))
  return side === 'start' ? { ...range, start: moved } : { ...range, end: moved }
}

/** Between which seconds an end of a range may lie. */
export function boundsOf(
  { start, end }: Range,
  side: keyof Range,
  duration: number,
): readonly [least: number, most: number] {
  return side === 'start'
    ? [Math.max(0, end - MOST_SECONDS), Math.max(0, end - LEAST_SECONDS)]
    : [start + LEAST_SECONDS, Math.min(duration, start + MOST_SECONDS)]
}

/** A new range from a second on: 10 s of the video, or what is left of it. It begins after ranges that hold the second. */
export function rangeAt(seconds: number, duration: number, taken: readonly Range[] = []): Range {
  let from = seconds
  for (const { start, end } of taken.toSorted((one, other) => one.start - other.start))
    if (from >= start && from < end) from = end
  const start = Math.max(0, Math.min(from, duration - LEAST_SECONDS))
  return { start: Math.round(start * 10) / 10, end: Math.min(duration, Math.round((start + 10) * 10) / 10) }
}
