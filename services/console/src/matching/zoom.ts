/** The seconds that a bar shows. */
export type Span = { readonly start: number; readonly end: number }

const SHORTEST_SECONDS = 0.5

/** A span within a video: not shorter than 0.5 s (or than the video), and moved to lie inside it. */
export function fit({ start, end }: Span, duration: number): Span {
  const length = Math.min(duration, Math.max(SHORTEST_SECONDS, end - start))
  const middle = (start + end) / 2
  const from = Math.max(0, Math.min(duration - length, middle - length / 2))
  return { start: from, end: from + length }
}

/** A span made `factor` times as long, around a second that stays where it is on the bar. */
export function zoomAt(
  span: Span,
  { at, factor, duration }: { readonly at: number; readonly factor: number; readonly duration: number },
): Span {
  const length = Math.min(duration, Math.max(SHORTEST_SECONDS, (span.end - span.start) * factor))
  const share = (at - span.start) / (span.end - span.start || 1)
  const start = Math.max(0, Math.min(duration - length, at - share * length))
  return { start, end: start + length }
}

const MARGIN = 0.1

/** A span around a stretch, with a tenth of it at either end. */
export function around(stretch: Span, duration: number): Span {
  const margin = MARGIN * (stretch.end - stretch.start)
  return fit({ start: stretch.start - margin, end: stretch.end + margin }, duration)
}

/** Two spans of the same length in seconds, as long as the longer one, so that a second is as wide on both bars. */
export function sameScale(
  [one, other]: readonly [Span, Span],
  [oneDuration, otherDuration]: readonly [number, number],
): [Span, Span] {
  const length = Math.max(one.end - one.start, other.end - other.start)
  // Not fitted: the shorter video ends before its bar does.
  const widened = (span: Span, duration: number): Span => {
    if (length >= duration) return { start: 0, end: length }
    const start = Math.max(0, Math.min(duration - length, (span.start + span.end - length) / 2))
    return { start, end: start + length }
  }
  return [widened(one, oneDuration), widened(other, otherDuration)]
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200]

/** Seconds for the marks of an axis: round ones, at least `gap` pixels apart. */
export function ticks(span: Span, width: number, gap = 72): number[] {
  const perPixel = (span.end - span.start) / Math.max(1, width)
  const step = STEPS.find((one) => one >= perPixel * gap) ?? 14_400
  const first = Math.ceil(span.start / step - 1e-9)
  const last = Math.floor(span.end / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toFixed(3)),
  )
}
