import type { RouteAnswer } from '@kinoprint/contract'
import { useRef } from 'preact/hooks'
import { lengthText } from '../../format/format.ts'
import { timeText } from '../../matching/format.ts'
import { boundsOf, type Range, withEnd } from './ignored-range.ts'
import { videoTexts } from './video-texts.ts'

const TICKS = 5
const STEP_SECONDS = 0.1
const FAST_STEP_SECONDS = 1

export type Band = Range & {
  readonly key: string
  /** Not ignored yet. */
  readonly isDraft: boolean
}

/**
 * A video over its length: how often each part is copied as bars, and ignored ranges as hatched bands with a handle at
 * either end. A click seeks.
 */
export function RangeStrip({
  heat,
  duration,
  bands,
  onChange,
  onSeek,
}: {
  readonly heat: RouteAnswer<'getHeat'> | undefined
  /** In seconds. */
  readonly duration: number
  readonly bands: readonly Band[]
  readonly onChange: (key: string, range: Range) => void
  readonly onSeek: (seconds: number) => void
}) {
  const strip = useRef<HTMLDivElement>(null)
  const secondsAt = (event: MouseEvent) => {
    const { left, width } = strip.current?.getBoundingClientRect() ?? { left: 0, width: 1 }
    return Math.min(1, Math.max(0, (event.clientX - left) / width)) * duration
  }
  const percent = (seconds: number) => `${(Math.min(seconds, duration) / Math.max(0.1, duration)) * 100}%`
  return (
    <div class="range-box">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the player beside it has keys for seeking. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the same. */}
      <div
        ref={strip}
        class="range-strip"
        onClick={(event) => {
          const isHandle = event.target instanceof Element && event.target.matches('.handle')
          if (!isHandle) onSeek(secondsAt(event))
        }}
      >
        <Bars heat={heat} />
        {bands.map((band) => (
          <div
            key={band.key}
            class={band.isDraft ? 'band draft' : 'band'}
            style={{
              left: percent(band.start),
              width: `calc(${percent(band.end)} - ${percent(band.start)})`,
            }}
          >
            {(['start', 'end'] as const).map((side) => (
              <Handle
                key={side}
                band={band}
                side={side}
                duration={duration}
                secondsAt={secondsAt}
                onChange={(range) => onChange(band.key, range)}
              />
            ))}
          </div>
        ))}
      </div>
      <div class="range-axis sm q" aria-hidden="true">
        {Array.from({ length: TICKS }, (_, index) => (
          <span key={index}>{lengthText((duration * index) / (TICKS - 1))}</span>
        ))}
      </div>
    </div>
  )
}

function Bars({ heat }: { readonly heat: RouteAnswer<'getHeat'> | undefined }) {
  if (heat === undefined || heat.max === 0) return null
  const { counts, max } = heat
  return (
    <svg class="heat" viewBox={`0 0 ${counts.length} 40`} preserveAspectRatio="none" aria-hidden="true">
      {counts.map((count, index) => {
        const height = (count / max) * 40
        return <rect key={index} x={index} y={40 - height} width={1} height={height} />
      })}
    </svg>
  )
}

function Handle({
  band,
  side,
  duration,
  secondsAt,
  onChange,
}: {
  readonly band: Band
  readonly side: keyof Range
  readonly duration: number
  readonly secondsAt: (event: MouseEvent) => number
  readonly onChange: (range: Range) => void
}) {
  const texts = videoTexts.value
  const value = band[side]
  const [least, most] = boundsOf(band, side, duration)
  const move = (seconds: number) => onChange(withEnd(band, side, seconds, duration))
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }
  return (
    <span
      class={`handle ${side}`}
      role="slider"
      tabIndex={0}
      aria-label={side === 'start' ? texts.rangeStart : texts.rangeEnd}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={value}
      aria-valuetext={timeText(value)}
      onKeyDown={(event) => {
        const step = steps[event.key]
        if (step !== undefined) move(value + step * (event.shiftKey ? FAST_STEP_SECONDS : STEP_SECONDS))
        else if (event.key === 'Home') move(least)
        else if (event.key === 'End') move(most)
        else return
        event.preventDefault()
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) move(secondsAt(event))
      }}
    />
  )
}
