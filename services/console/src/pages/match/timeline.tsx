import { useMemo, useRef } from 'preact/hooks'
import { Filmstrip } from '../../matching/filmstrip.tsx'
import { momentText, scoreText, timeText } from '../../matching/format.ts'
import type { FrameSource } from '../../matching/frame-source.ts'
import { counts } from '../../matching/match.ts'
import { type Frame, pixelOf, playheadPath } from '../../matching/ribbons.ts'
import { Ribbons } from '../../matching/ribbons.tsx'
import type { Side } from '../../matching/time-map.ts'
import { type Span, sameScale, ticks, zoomAt } from '../../matching/zoom.ts'
import { messages } from '../../messages/messages.ts'
import { useSize } from '../../parts/use-size.ts'
import type { Viewer } from './viewer.ts'

const STRIP = 36
const RAILS = 9
const AXIS = 20
const BANDS = 94
const HEIGHT = 2 * (STRIP + RAILS + AXIS) + BANDS
const TOP = AXIS + STRIP + RAILS
const FRAME_WIDTH = 64
/** Space for the ends of the playhead beside the bars. */
const MARGIN = 8

export type Sources = Readonly<Record<Side, FrameSource>>

/** Where the passages lie: a filmstrip of each video, ribbons between them, and one playhead through both. */
export function Timeline({ viewer, sources }: { readonly viewer: Viewer; readonly sources: Sources }) {
  const texts = messages.value.match
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  const { querySpan, refSpan, isSameScale, durations } = viewer
  const [query, reference] = isSameScale.value
    ? sameScale([querySpan.value, refSpan.value], [durations.query, durations.reference])
    : [querySpan.value, refSpan.value]
  const isZoomed =
    query.end - query.start < durations.query - 0.01 ||
    reference.end - reference.start < durations.reference - 0.01
  return (
    <section class="tl" aria-label={texts.timeline}>
      <div class="row tl-head">
        <h2>{texts.whereItMatches}</h2>
        <span class="sm q hide-s el">{texts.whereHint}</span>
        <span class="sp" />
        <Legend />
        <button
          type="button"
          class="btn xs hide-s"
          aria-pressed={isSameScale.value}
          onClick={() => {
            isSameScale.value = !isSameScale.value
          }}
        >
          {texts.sameScale}
        </button>
        <button
          type="button"
          class="btn xs hide-s"
          onClick={() => (isZoomed ? viewer.zoomOut() : viewer.zoomToPassage())}
        >
          {isZoomed ? texts.zoomOut : texts.zoomIn} <kbd>{isZoomed ? '0' : 'Z'}</kbd>
        </button>
      </div>
      <div ref={box} class="tl-box">
        {width > 0 && (
          <Bars {...{ viewer, sources }} frame={{ width, top: TOP, bottom: TOP + BANDS, query, reference }} />
        )}
      </div>
    </section>
  )
}

function Legend() {
  const texts = messages.value.match
  return (
    <div class="leg">
      <span>
        <i class="lp" />
        {texts.picture}
      </span>
      <span>
        <i class="ls" />
        {texts.sound}
      </span>
      <span>
        <i class="lb" />
        {texts.both}
      </span>
    </div>
  )
}

function Bars(props: { readonly viewer: Viewer; readonly sources: Sources; readonly frame: Frame }) {
  const { viewer, sources, frame } = props
  const { width } = frame
  const { players, match, durations } = viewer
  const drag = useRef<Side | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const at = (event: { readonly clientX: number; readonly clientY: number }) => {
    const bounds = box.current?.getBoundingClientRect()
    if (bounds === undefined) return { x: 0, y: 0 }
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top }
  }
  const timeIn = (span: Span, x: number) => span.start + (x / width) * (span.end - span.start)
  const goTo = (side: Side, x: number) => {
    players.byHand.value = null
    if (side === 'query') players.seek(timeIn(frame.query, x))
    else players.seekReference(timeIn(frame.reference, x))
  }
  const press = (event: PointerEvent) => {
    const { x, y } = at(event)
    const side = y < TOP ? 'query' : y > TOP + BANDS ? 'reference' : null
    if (side === null || event.button !== 0) return
    drag.current = side
    box.current?.setPointerCapture(event.pointerId)
    goTo(side, x)
  }
  const move = (event: PointerEvent) => {
    if (drag.current !== null) goTo(drag.current, at(event).x)
  }
  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey) return
    event.preventDefault()
    const { x, y } = at(event)
    const isQuery = y < TOP + BANDS / 2
    const [span, duration] = isQuery
      ? [viewer.querySpan, durations.query]
      : [viewer.refSpan, durations.reference]
    const factor = event.deltaY > 0 ? 1.25 : 0.8
    span.value = zoomAt(span.value, { at: timeIn(span.value, x), factor, duration })
  }
  return (
    <div
      ref={box}
      class="bars"
      role="slider"
      tabIndex={0}
      aria-label={messages.value.match.timeline}
      aria-valuemin={0}
      aria-valuemax={Math.round(durations.query)}
      aria-valuenow={Number(players.time.value.toFixed(1))}
      aria-valuetext={spoken(viewer)}
      onKeyDown={(event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
        if (step === undefined) return
        event.preventDefault()
        players.seek(players.time.value + step * (event.shiftKey ? 5 : 1))
      }}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null
      }}
      onWheel={wheel}
    >
      <Strip source={sources.query} span={frame.query} width={width} top={AXIS} />
      <Strip source={sources.reference} span={frame.reference} width={width} top={TOP + BANDS + RAILS} />
      <svg
        width={width + 2 * MARGIN}
        height={HEIGHT}
        viewBox={`${-MARGIN} 0 ${width + 2 * MARGIN} ${HEIGHT}`}
        aria-hidden="true"
      >
        <rect class="rail-ground" x="0" y={TOP - RAILS} width={width} height={RAILS} />
        <rect class="rail-ground" x="0" y={TOP + BANDS} width={width} height={RAILS} />
        <Washed viewer={viewer} frame={frame} />
        <Axis span={frame.query} width={width} y={13} />
        <Axis span={frame.reference} width={width} y={HEIGHT - 5} />
        <Ribbons
          passages={match.passages}
          frame={frame}
          selected={players.selected.value}
          numbered
          onSelect={(index) => viewer.select(index)}
          onOpen={(index) => viewer.zoomToPassage(index)}
        />
        <Playhead viewer={viewer} frame={frame} />
      </svg>
    </div>
  )
}

function Strip(props: {
  readonly source: FrameSource
  readonly span: Span
  readonly width: number
  readonly top: number
}) {
  const { source, span, width, top } = props
  const count = Math.max(1, Math.round(width / FRAME_WIDTH))
  const each = (span.end - span.start) / count
  const times = useMemo(
    () => Array.from({ length: count }, (_, index) => span.start + (index + 0.5) * each),
    [count, each, span.start],
  )
  return (
    <div class={top === AXIS ? 'strip upper' : 'strip lower'}>
      <Filmstrip {...{ source, times, width }} height={STRIP} />
    </div>
  )
}

/** Washes out what no passage uses. */
function Washed({ viewer, frame }: { readonly viewer: Viewer; readonly frame: Frame }) {
  const passages = viewer.match.passages.filter(counts)
  const bars = [
    { y: AXIS, span: frame.query, used: passages.map((one) => [one.queryStart, one.queryEnd] as const) },
    {
      y: TOP + BANDS + RAILS,
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
            height={STRIP}
          />
        )),
      )}
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

function Playhead({ viewer, frame }: { readonly viewer: Viewer; readonly frame: Frame }) {
  const { time, refTime } = viewer.players
  const query = pixelOf(time.value, frame.query, frame.width)
  const ends = { upper: AXIS - 5, lower: HEIGHT - AXIS + 5 }
  if (refTime.value === null) {
    return (
      <>
        <path class="head-line" d={`M${query} ${ends.upper}V${frame.top}`} />
        <circle class="head-end" cx={query} cy={ends.upper} r="5.5" />
      </>
    )
  }
  const reference = pixelOf(refTime.value, frame.reference, frame.width)
  const path = `M${query} ${ends.upper}V${frame.top}${playheadPath({ query, reference }, frame)
    .slice(1)
    .replace(/^[^C]*/, '')}V${ends.lower}`
  return (
    <>
      <path class="head-halo" d={path} />
      <path class="head-line" d={path} />
      <circle class="head-end" cx={query} cy={ends.upper} r="5.5" />
      <circle class="head-end" cx={reference} cy={ends.lower} r="5.5" />
    </>
  )
}

/** What a screen reader says of the playhead. */
function spoken({ players, match }: Viewer): string {
  const texts = messages.value.match
  const [time, ref, index] = [players.time.value, players.refTime.value, players.current.value]
  const passage = match.passages[index]
  if (ref === null) return texts.spokenAlone(timeText(time))
  const paired =
    passage === undefined ? '' : `, ${texts.passageNumber(index + 1)}, ${scoreText(passage.score)}`
  return `${texts.spokenPair(timeText(time), momentText(ref))}${paired}`
}
