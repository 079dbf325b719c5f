import type { Passage } from './match.ts'
import { type Frame, type Label, type Ribbon, ribbonOf, shownLabels } from './ribbons.ts'

/** The hatches of ribbons with sound, and of what was not decoded. Once on each page that shows ribbons. */
export function Hatch() {
  return (
    <svg class="hatch" width="0" height="0" aria-hidden="true">
      <defs>
        <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="7" height="7" class="hatch-ground" />
          <rect width="1.3" height="7" class="hatch-line" />
        </pattern>
        <pattern
          id="undecoded"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(-45)"
        >
          <rect width="1.6" height="6" class="undecoded-line" />
        </pattern>
      </defs>
    </svg>
  )
}

/** The ribbons of passages, with rails at both ends: upper rail picture, lower rail sound. */
export function Ribbons({
  passages,
  frame,
  selected = -1,
  rail = 3.5,
  onSelect,
  onOpen,
}: {
  readonly passages: readonly Passage[]
  readonly frame: Frame
  readonly selected?: number
  readonly rail?: number
  readonly onSelect?: (index: number) => void
  readonly onOpen?: (index: number) => void
}) {
  const ribbons = passages.map((passage) => ribbonOf(passage, frame))
  const order = ribbons
    .map((_, index) => index)
    .toSorted((a, b) => Number(a === selected) - Number(b === selected))
  return (
    <>
      {order.map((index) => {
        const [passage, ribbon] = [passages[index], ribbons[index]]
        if (passage === undefined || !ribbon) return null
        const isDim = selected >= 0 && index !== selected
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the list of passages does the same by keyboard.
          <g
            key={index}
            class={`rb ${isDim ? 'off' : ''} ${passage.weak || passage.ignored !== null ? 'faint' : ''}`}
            onClick={() => onSelect?.(index)}
            onDblClick={() => onOpen?.(index)}
          >
            {passage.kind !== 'audio' && <path class="rb-pic" d={ribbon.path} />}
            {passage.kind !== 'video' && <path class="rb-snd" d={ribbon.path} />}
            {passage.kind !== 'audio' && <Rails class="rail-pic" {...{ ribbon, frame, rail }} offset={0} />}
            {passage.kind !== 'video' && (
              <Rails class="rail-snd" {...{ ribbon, frame, rail }} offset={rail + 1} />
            )}
          </g>
        )
      })}
    </>
  )
}

/** The numbers of passages, drawn over everything else. Those that would collide are left out. */
export function RibbonNumbers(props: {
  readonly passages: readonly Passage[]
  readonly frame: Frame
  readonly selected: number
}) {
  const { passages, frame, selected } = props
  const labels = passages.map((passage) => {
    const ribbon = ribbonOf(passage, frame)
    return ribbon && { ...ribbon.label, width: Math.max(ribbon.query.width, ribbon.reference.width) }
  })
  return <PassageNumbers {...{ labels, selected }} />
}

/** The numbers of passages, each at its position, without those that would collide. */
export function PassageNumbers(props: {
  readonly labels: readonly (Label | null)[]
  readonly selected: number
}) {
  const { labels, selected } = props
  return (
    <>
      {[...shownLabels(labels, selected)].map((index) => {
        const label = labels[index]
        if (!label) return null
        return (
          <g
            key={`n${index}`}
            class={index === selected ? 'rb-no on' : 'rb-no'}
            transform={`translate(${label.x.toFixed(1)} ${label.y.toFixed(1)})`}
          >
            <rect x="-11" y="-10" width="22" height="20" rx="5" />
            <text text-anchor="middle" y="4">
              {index + 1}
            </text>
          </g>
        )
      })}
    </>
  )
}

/** The rails of one track: below the upper bar, and mirrored above the lower one. */
function Rails(props: {
  readonly class: string
  readonly ribbon: Ribbon
  readonly frame: Frame
  readonly rail: number
  readonly offset: number
}) {
  const { ribbon, frame, rail, offset } = props
  const ends = [
    { ...ribbon.query, y: frame.top - 2 * rail - 2 + offset },
    { ...ribbon.reference, y: frame.bottom + rail + 2 - offset },
  ]
  return (
    <>
      {ends.map(({ left, width, y }) => (
        <rect key={y} class={props.class} x={left.toFixed(1)} y={y} width={width.toFixed(1)} height={rail} />
      ))}
    </>
  )
}

/** Ribbons as a small picture, for rows and panes: two bars of the whole length of each video. */
export function RibbonGlyph({
  passages,
  durations,
  width,
  height,
  selected = -1,
  label,
}: {
  readonly passages: readonly Passage[]
  readonly durations: readonly [number, number]
  readonly width: number
  readonly height: number
  readonly selected?: number
  readonly label: string
}) {
  const rail = 3
  const bar = 2 * rail + 2
  const frame = {
    width,
    top: bar,
    bottom: height - bar,
    query: { start: 0, end: durations[0] },
    reference: { start: 0, end: durations[1] },
  }
  return (
    <svg
      class="glyph"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      <rect class="rb-base" x="0" y="0" width={width} height={bar} />
      <rect class="rb-base" x="0" y={height - bar} width={width} height={bar} />
      <Ribbons {...{ passages, frame, rail, selected }} />
    </svg>
  )
}
