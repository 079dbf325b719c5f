import { useMemo } from 'preact/hooks'
import { Filmstrip } from '../../matching/filmstrip.tsx'
import { timeText } from '../../matching/format.ts'
import type { FrameSource } from '../../matching/frame-source.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { pixelOf } from '../../matching/ribbons.ts'
import type { Side } from '../../matching/time-map.ts'
import { around, type Span } from '../../matching/zoom.ts'
import { Axis } from './bar-parts.tsx'
import type { Viewer } from './viewer.ts'

/** A passage that takes less of its bar than this is shown again under a loupe. */
const LEAST_SHARE = 0.01
const STRIP = 32
const CONE = 14
const AXIS = 18
const FRAME_WIDTH = 64

/** Whether the selected passage is too short to be seen on the bar of a side. */
export function needsLoupe(viewer: Viewer, side: Side, shown: Span): boolean {
  const stretch = stretchOf(viewer, side)
  if (stretch === null) return false
  const isInView = stretch.end > shown.start && stretch.start < shown.end
  return isInView && stretch.end - stretch.start < LEAST_SHARE * (shown.end - shown.start)
}

/** The surroundings of the selected passage at full width, on the outer side of the bar that it belongs to. */
export function Loupe(props: {
  readonly viewer: Viewer
  readonly side: Side
  readonly source: FrameSource
  readonly width: number
  /** What the bar shows. */
  readonly outer: Span
}) {
  const { viewer, side, source, width, outer } = props
  const texts = matchTexts.value
  const { players, durations } = viewer
  const stretch = stretchOf(viewer, side)
  const span = around(stretch ?? outer, durations[side])
  const count = Math.max(1, Math.round(width / FRAME_WIDTH))
  const times = useMemo(
    () =>
      Array.from({ length: count }, (_, at) => span.start + ((at + 0.5) * (span.end - span.start)) / count),
    [count, span.start, span.end],
  )
  if (stretch === null) return null
  const isQuery = side === 'query'
  const [stripY, coneY, axisY] = isQuery ? [AXIS, AXIS + STRIP, 12] : [CONE, 0, CONE + STRIP + AXIS - 4]
  const [a, b] = [pixelOf(span.start, outer, width), pixelOf(span.end, outer, width)]
  const cone = isQuery
    ? `M0 ${coneY}H${width}L${b} ${coneY + CONE}H${a}Z`
    : `M${a} ${coneY}H${b}L${width} ${coneY + CONE}H0Z`
  const edges = [pixelOf(stretch.start, span, width), pixelOf(stretch.end, span, width)] as const
  return (
    <div
      class={`loupe ${side}`}
      title={texts.loupe(timeText(span.start), timeText(span.end))}
      onPointerDown={(event) => {
        const { left } = event.currentTarget.getBoundingClientRect()
        const time = span.start + ((event.clientX - left) / width) * (span.end - span.start)
        if (isQuery) players.seek(time)
        else players.seekReference(time)
      }}
    >
      <div class="strip" style={{ top: `${stripY}px` }}>
        <Filmstrip {...{ source, times, width }} height={STRIP} />
      </div>
      <svg width={width} height={STRIP + CONE + AXIS} aria-hidden="true">
        <path class="cone" d={cone} />
        <rect class="washed" x="0" y={stripY} width={Math.max(0, edges[0])} height={STRIP} />
        <rect class="washed" x={edges[1]} y={stripY} width={Math.max(0, width - edges[1])} height={STRIP} />
        <Axis {...{ span, width }} y={axisY} />
        <Cursor {...{ viewer, side, span, width }} y={stripY} />
      </svg>
    </div>
  )
}

/** The playhead. Only this is drawn again as frames play. */
function Cursor(props: {
  readonly viewer: Viewer
  readonly side: Side
  readonly span: Span
  readonly width: number
  readonly y: number
}) {
  const { viewer, side, span, width, y } = props
  const { time, refTime } = viewer.players
  const now = side === 'query' ? time.value : refTime.value
  const x = now === null ? -1 : pixelOf(now, span, width)
  if (x < 0 || x > width) return null
  return <path class="head-line" d={`M${x} ${y}v${STRIP}`} />
}

function stretchOf({ passage }: Viewer, side: Side): Span | null {
  if (passage === undefined) return null
  return side === 'query'
    ? { start: passage.queryStart, end: passage.queryEnd }
    : { start: passage.refStart, end: passage.refEnd }
}
