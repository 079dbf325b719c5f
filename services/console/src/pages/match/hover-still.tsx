import { useEffect, useState } from 'preact/hooks'
import { Filmstrip } from '../../matching/filmstrip.tsx'
import { momentText } from '../../matching/format.ts'
import type { FrameSource } from '../../matching/frame-source.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { pixelOf } from '../../matching/ribbons.ts'
import { asItIs, type Straightening } from '../../matching/straighten.ts'
import { type Line, refTimeAt } from '../../matching/time-map.ts'
import type { Span } from '../../matching/zoom.ts'
import type { Sources } from './timeline.tsx'

const WIDTH = 200
/** The pointer rests this long before a frame is loaded. */
const REST_MS = 60

type Position = {
  /** Where the pointer is, and how wide the strip is. */
  readonly x: number
  readonly width: number
  /** The still stands below one edge, or above the other. */
  readonly below?: number
  readonly above?: number
}

/** The frame under the pointer, enlarged. It adds nothing that the players do not show, so it is not read aloud. */
export function HoverStill(props: {
  readonly source: FrameSource
  readonly time: number
  readonly at: Position
}) {
  const { source, time, at } = props
  const { x, width, below, above } = at
  const left = Math.max(0, Math.min(width - WIDTH, x - WIDTH / 2))
  const top = below ?? 0
  const style =
    above === undefined
      ? { left: `${left}px`, top: `${top + 6}px` }
      : { left: `${left}px`, top: `${above - 6}px` }
  return (
    <div class={above === undefined ? 'hover-still' : 'hover-still above'} style={style} aria-hidden="true">
      <RestedStill {...{ source, time }} width={WIDTH} straightening={asItIs} />
      <span>{momentText(time)}</span>
    </div>
  )
}

/** One frame, drawn once its time has rested. */
function RestedStill(props: {
  readonly source: FrameSource
  readonly time: number
  readonly width: number
  readonly straightening: Straightening
}) {
  const { source, time, width, straightening } = props
  const [rested, setRested] = useState(time)
  useEffect(() => {
    const timer = setTimeout(() => setRested(time), REST_MS)
    return () => clearTimeout(timer)
  }, [time])
  return (
    <Filmstrip
      source={source}
      times={[Number(rested.toFixed(1))]}
      width={width}
      height={Math.round(Math.min(width, width / source.aspect))}
      straightening={straightening}
    />
  )
}

/** Both frames of a moment, with their times and the bits in which they differ. */
export function HoverPair(props: {
  readonly sources: Sources
  readonly line: Line
  readonly span: Span
  readonly width: number
  readonly time: number
  readonly bits: number | undefined
  readonly straight: Straightening
  readonly refStraight: Straightening
}) {
  const { sources, line, span, width, time, bits, straight, refStraight } = props
  const texts = matchTexts.value
  const refTime = Math.max(0, refTimeAt(line, time))
  const x = pixelOf(time, span, width)
  const left = Math.max(0, Math.min(width - 2 * WIDTH, x - WIDTH))
  return (
    <div class="hover-still above" style={{ left: `${left}px`, top: '-6px' }} aria-hidden="true">
      <div class="hover-pair">
        <RestedStill source={sources.query} time={time} width={WIDTH} straightening={straight} />
        <RestedStill source={sources.reference} time={refTime} width={WIDTH} straightening={refStraight} />
      </div>
      <span>
        {momentText(time)} → {momentText(refTime)} ·{' '}
        {bits === undefined ? texts.notCompared : texts.bits(bits)}
      </span>
    </div>
  )
}
