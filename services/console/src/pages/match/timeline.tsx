import { ChevronLeft, ChevronRight } from 'lucide'
import { useMemo, useRef } from 'preact/hooks'
import { Filmstrip } from '../../matching/filmstrip.tsx'
import type { FrameSource } from '../../matching/frame-source.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { type Frame, pixelOf, playheadPath } from '../../matching/ribbons.ts'
import { RibbonNumbers, Ribbons } from '../../matching/ribbons.tsx'
import type { Side } from '../../matching/time-map.ts'
import { type Span, sameScale } from '../../matching/zoom.ts'
import { Icon } from '../../parts/icon.tsx'
import { useSize } from '../../parts/use-size.ts'
import { Axis, NotDecoded, Washed } from './bar-parts.tsx'
import { HoverStill } from './hover-still.tsx'
import { Legend } from './legend.tsx'
import { Loupe, needsLoupe } from './loupe.tsx'
import { PassageTable } from './passage-table.tsx'
import { useBarGestures } from './use-bar-gestures.ts'
import { useSliderValue } from './use-slider-value.ts'
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
  const texts = matchTexts.value
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
        <Legend names={{ lp: texts.picture, ls: texts.sound, lb: texts.both }} />
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
        {isZoomed && (
          <span class="row g4 hide-s">
            <button
              type="button"
              class="btn ic xs"
              aria-label={texts.panBack}
              title={texts.panBack}
              onClick={() => viewer.pan(-0.5)}
            >
              <Icon of={ChevronLeft} size="s" />
            </button>
            <button
              type="button"
              class="btn ic xs"
              aria-label={texts.panOn}
              title={texts.panOn}
              onClick={() => viewer.pan(0.5)}
            >
              <Icon of={ChevronRight} size="s" />
            </button>
          </span>
        )}
      </div>
      <div ref={box} class="tl-box">
        {width > 0 && (
          <>
            {needsLoupe(viewer, 'query', query) && (
              <Loupe side="query" source={sources.query} {...{ viewer, width }} outer={query} />
            )}
            <Bars
              {...{ viewer, sources }}
              frame={{ width, top: TOP, bottom: TOP + BANDS, query, reference }}
            />
            {needsLoupe(viewer, 'reference', reference) && (
              <Loupe side="reference" source={sources.reference} {...{ viewer, width }} outer={reference} />
            )}
          </>
        )}
      </div>
      <PassageTable viewer={viewer} />
    </section>
  )
}

function Bars(props: { readonly viewer: Viewer; readonly sources: Sources; readonly frame: Frame }) {
  const { viewer, sources, frame } = props
  const { width } = frame
  const { players, match, durations } = viewer
  const box = useRef<HTMLDivElement>(null)
  useSliderValue(viewer, box)
  const { handlers, hovered } = useBarGestures(viewer, {
    box,
    frame,
    bands: { top: TOP, bottom: TOP + BANDS },
  })
  return (
    <div
      ref={box}
      class="bars"
      role="slider"
      tabIndex={0}
      aria-label={matchTexts.value.timeline}
      aria-valuemin={0}
      aria-valuemax={Math.round(durations.query)}
      aria-valuenow={Number(players.time.peek().toFixed(1))}
      {...handlers}
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
        <Washed
          {...{ viewer, frame }}
          tops={{ query: AXIS, reference: TOP + BANDS + RAILS, height: STRIP }}
        />
        <NotDecoded viewer={viewer} span={frame.query} box={{ width, y: AXIS, height: STRIP }} />
        <Axis span={frame.query} width={width} y={13} />
        <Axis span={frame.reference} width={width} y={HEIGHT - 5} />
        <clipPath id="bands">
          <rect x="0" y="0" width={width} height={HEIGHT} />
        </clipPath>
        <g clip-path="url(#bands)">
          <Ribbons
            passages={match.passages}
            frame={frame}
            selected={players.selected.value}
            onSelect={(index) => viewer.select(index)}
            onOpen={(index) => viewer.zoomToPassage(index)}
          />
        </g>
        <Playhead viewer={viewer} frame={frame} />
        <RibbonNumbers passages={match.passages} frame={frame} selected={players.selected.value} />
      </svg>
      {hovered !== null && (
        <HoverStill
          source={sources[hovered.side]}
          time={hovered.time}
          at={{
            x: hovered.x,
            width,
            ...(hovered.side === 'query' ? { below: TOP } : { above: TOP + BANDS }),
          }}
        />
      )}
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
