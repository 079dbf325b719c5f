import { timeText } from '../../matching/format.ts'
import { counts } from '../../matching/match.ts'
import { type Frame, pixelOf } from '../../matching/ribbons.ts'
import { type Span, ticks } from '../../matching/zoom.ts'
import type { Viewer } from './viewer.ts'

/** Washes out what no passage uses. */
export function Washed({
  viewer,
  frame,
  tops,
}: {
  readonly viewer: Viewer
  readonly frame: Frame
  /** Where both filmstrips begin, and how high they are. */
  readonly tops: { readonly query: number; readonly reference: number; readonly height: number }
}) {
  const passages = viewer.match.passages.filter(counts)
  const bars = [
    {
      y: tops.query,
      span: frame.query,
      used: passages.map((one) => [one.queryStart, one.queryEnd] as const),
    },
    {
      y: tops.reference,
      span: frame.reference,
      used: passages.map((one) => [one.refStart, one.refEnd] as const),
    },
  ]
  return (
    <>
      {bars.map(({ y, span, used }) =>
        gapsOf(used, span).map(([start, end]) => (
          <rect
            key={`${y} ${start}`}
            class="washed"
            x={pixelOf(start, span, frame.width)}
            y={y}
            width={Math.max(0, pixelOf(end, span, frame.width) - pixelOf(start, span, frame.width))}
            height={tops.height}
          />
        )),
      )}
    </>
  )
}

/** Hatches the seconds of the query that were not decoded frame by frame. */
export function NotDecoded(props: {
  readonly viewer: Viewer
  readonly span: Span
  readonly box: { readonly width: number; readonly y: number; readonly height: number }
}) {
  const { viewer, span, box } = props
  const decoded = viewer.evidence.value?.decoded ?? null
  if (decoded === null) return null
  const gaps = gapsOf(
    decoded.map(({ start, end }) => [start, end] as const),
    span,
  )
  return (
    <>
      {gaps.map(([start, end]) => {
        const x = pixelOf(start, span, box.width)
        return (
          <rect
            key={start}
            class="undecoded"
            x={x}
            y={box.y}
            width={pixelOf(end, span, box.width) - x}
            height={box.height}
          />
        )
      })}
    </>
  )
}

/** The stretches of a span that no range covers. */
export function gapsOf(ranges: readonly (readonly [number, number])[], span: Span): [number, number][] {
  const gaps: [number, number][] = []
  let from = span.start
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    if (start > from) gaps.push([from, Math.min(start, span.end)])
    from = Math.max(from, end)
    if (from >= span.end) break
  }
  if (from < span.end) gaps.push([from, span.end])
  return gaps.filter(([start, end]) => end > start)
}

export function Axis({
  span,
  width,
  y,
}: {
  readonly span: Span
  readonly width: number
  readonly y: number
}) {
  const marks = ticks(span, width)
  const digits = (marks[1] ?? 1) - (marks[0] ?? 0) < 1 ? 1 : 0
  return (
    <>
      {marks.map((mark) => {
        const x = pixelOf(mark, span, width)
        const anchor = x < 16 ? 'start' : x > width - 16 ? 'end' : 'middle'
        return (
          <text key={mark} class="axis" x={Math.min(width, Math.max(0, x))} y={y} text-anchor={anchor}>
            {timeText(mark, digits)}
          </text>
        )
      })}
    </>
  )
}
