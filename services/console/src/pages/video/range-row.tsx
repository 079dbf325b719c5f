import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { numberText } from '../../format/format.ts'
import { boundsOf, type Range, withEnd } from './ignored-range.ts'
import { videoTexts } from './video-texts.ts'

/** An ignored range with fields for both ends, which can be taken from the player. */
export function RangeRow({
  range,
  note,
  duration,
  playerTime,
  onChange,
  onSeek,
  children,
}: {
  readonly range: Range
  readonly note: string
  /** Of the video, in seconds. */
  readonly duration: number
  readonly playerTime: () => number
  readonly onChange: (range: Range) => void
  readonly onSeek: (seconds: number) => void
  /** The buttons. */
  readonly children: ComponentChildren
}) {
  const texts = videoTexts.value
  const id = useId()
  return (
    <li class="range-row">
      {(['start', 'end'] as const).map((side) => {
        const [least, most] = boundsOf(range, side, duration)
        return (
          <div key={side} class="field">
            <label class="cap" for={`${id}-${side}`}>
              {side === 'start' ? texts.rangeStart : texts.rangeEnd}
            </label>
            <span class="row g4">
              <span class="in-field">
                <EndInput
                  id={`${id}-${side}`}
                  seconds={range[side]}
                  bounds={[least, most]}
                  onChange={(seconds) => onChange(withEnd(range, side, seconds, duration))}
                />
                s
              </span>
              <button
                type="button"
                class="btn xs"
                title={texts.fromPlayer}
                aria-label={`${texts.here}: ${side === 'start' ? texts.rangeStart : texts.rangeEnd}`}
                onClick={() => onChange(withEnd(range, side, playerTime(), duration))}
              >
                {texts.here}
              </button>
            </span>
          </div>
        )
      })}
      <span class="range-note sm q">
        <button type="button" class="link sm" onClick={() => onSeek(range.start)}>
          {texts.rangeSeconds(numberText(range.end - range.start, 1))}
        </button>{' '}
        <span dir="auto" translate={false}>
          {note}
        </span>
      </span>
      <span class="row end">{children}</span>
    </li>
  )
}

/** A number that counts when the field is left: one that is being typed passes through others. */
function EndInput({
  id,
  seconds,
  bounds: [min, max],
  onChange,
}: {
  readonly id: string
  readonly seconds: number
  readonly bounds: readonly [least: number, most: number]
  readonly onChange: (seconds: number) => void
}) {
  // What is being typed, which a new rendering of the page must not replace. Null otherwise.
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <input
      id={id}
      type="number"
      min={min}
      max={max}
      step={0.1}
      value={typed ?? seconds}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onChange={(event) => {
        setTyped(null)
        onChange(event.currentTarget.valueAsNumber)
      }}
    />
  )
}
