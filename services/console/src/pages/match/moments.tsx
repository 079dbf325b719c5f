import { useMemo, useRef, useState } from 'preact/hooks'
import { bitsOf, type Evidence, type EvidencePassage, NOT_COMPARED } from '../../matching/evidence.ts'
import { Filmstrip } from '../../matching/filmstrip.tsx'
import type { Passage } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { pixelOf } from '../../matching/ribbons.ts'
import { asItIs } from '../../matching/straighten.ts'
import { lineOf, refTimeAt } from '../../matching/time-map.ts'
import type { Span } from '../../matching/zoom.ts'
import { useSize } from '../../parts/use-size.ts'
import { Axis, NotDecoded } from './bar-parts.tsx'
import { HoverPair } from './hover-still.tsx'
import { Legend } from './legend.tsx'
import { MomentTable } from './moment-table.tsx'
import type { Sources } from './timeline.tsx'
import type { Viewer } from './viewer.ts'

const FILM = 46
const STRIP = 46
const GAP = 4
/** Sound that differs in half of its 32 bits agrees in nothing. */
const NO_SOUND_BITS = 16

/** The selected passage on one axis: frames of both sides, the bits between them, and how far each track agrees. */
export function Moments(props: {
  readonly viewer: Viewer
  readonly sources: Sources
  readonly index: number
  readonly passage: Passage
  readonly found: EvidencePassage
  readonly evidence: Evidence
}) {
  const { viewer, sources, index, passage, found, evidence } = props
  const texts = matchTexts.value
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  const [hovered, setHovered] = useState<number | null>(null)
  const span = { start: passage.queryStart, end: passage.queryEnd }
  const count = Math.max(2, Math.round(width / 82))
  const times = Array.from(
    { length: count },
    (_, at) => span.start + ((at + 0.5) * (span.end - span.start)) / count,
  )
  const line = lineOf(passage)
  const pictureBits = useMemo(() => bitsOf(found.picture?.bits ?? null), [found])
  const bitsAt = (time: number) => {
    const { picture } = found
    if (picture === null) return undefined
    const bits = pictureBits[Math.floor((time - picture.start) / picture.stepSeconds)]
    return bits === NOT_COMPARED ? undefined : bits
  }
  const straight = viewer.isStraight.value
    ? { box: passage.queryBox, mirrored: passage.mirrored, turn: passage.turn }
    : asItIs
  const refStraight = viewer.isStraight.value ? { ...asItIs, box: passage.refBox } : asItIs
  const { unrelatedBits, alikeBits, soundBits } = evidence.thresholds
  const table = useMemo(() => <MomentTable {...{ passage, found }} />, [passage, found])
  const timeUnder = (event: { readonly clientX: number }) => {
    const { left = 0 } = box.current?.getBoundingClientRect() ?? {}
    const share = Math.max(0, Math.min(1, (event.clientX - left) / (width || 1)))
    return span.start + share * (span.end - span.start)
  }
  return (
    <section class="ev" aria-label={texts.moments(index + 1)}>
      <div class="row wrap ev-head">
        <span class="tag ac b">{index + 1}</span>
        <h2>{texts.moments(index + 1)}</h2>
        <span class="sm q hide-s">{texts.bitsBetween}</span>
        <span class="sp" />
        <Legend names={{ la: texts.pictureAgrees, lo: texts.soundAgrees }} />
        <span class="sm q hide-s">{texts.stopsCounting(alikeBits, soundBits)}</span>
      </div>
      <div
        ref={box}
        class="moments"
        onPointerMove={(event) => setHovered(event.pointerType === 'mouse' ? timeUnder(event) : null)}
        onPointerLeave={() => setHovered(null)}
      >
        {hovered !== null && (
          <HoverPair
            {...{ sources, line, width, span, straight, refStraight }}
            time={hovered}
            bits={bitsAt(hovered)}
          />
        )}
        {width > 0 && (
          <>
            <Filmstrip source={sources.query} {...{ times, width }} height={FILM} straightening={straight} />
            <div class="bits" style={{ gridTemplateColumns: `repeat(${count}, 1fr)` }}>
              {times.map((time) => (
                <span key={time}>{bitsAt(time) ?? '–'}</span>
              ))}
            </div>
            <Filmstrip
              source={sources.reference}
              times={times.map((time) => refTimeAt(line, time))}
              straightening={refStraight}
              width={width}
              height={FILM}
            />
            <svg
              class="agree"
              width={width}
              height={2 * STRIP + GAP + 18}
              role="img"
              aria-label={texts.agreement(index + 1)}
              onPointerDown={(event) => viewer.players.seek(timeUnder(event))}
            >
              <Track
                strip={found.picture}
                {...{ span, width }}
                y={0}
                most={unrelatedBits}
                limit={alikeBits}
                kind="pic"
              />
              <Track
                strip={found.sound}
                {...{ span, width }}
                y={STRIP + GAP}
                most={NO_SOUND_BITS}
                limit={soundBits}
                kind="snd"
              />
              {found.sound === null && (
                <text class="axis" x={width / 2} y={STRIP + GAP + 26} text-anchor="middle">
                  {viewer.match.query.hasAudio === false
                    ? texts.queryNoSound
                    : viewer.match.reference.hasAudio
                      ? texts.soundNotCompared
                      : texts.referenceNoSound}
                </text>
              )}
              <NotDecoded {...{ viewer, span }} box={{ width, y: 0, height: STRIP }} />
              <Axis {...{ span, width }} y={2 * STRIP + GAP + 14} />
              <Cursor {...{ viewer, span, width }} />
            </svg>
          </>
        )}
      </div>
      {table}
    </section>
  )
}

/** The playhead. Only this is drawn again as frames play. */
function Cursor(props: { readonly viewer: Viewer; readonly span: Span; readonly width: number }) {
  const { viewer, span, width } = props
  const x = pixelOf(viewer.players.time.value, span, width)
  if (x < 0 || x > width) return null
  return <path class="head-line" d={`M${x.toFixed(1)} 0V${2 * STRIP + GAP}`} />
}

/** One track: full where nothing differs, empty where as much differs as by chance; a line where it stops counting. */
function Track(props: {
  readonly strip: {
    readonly start: number
    readonly stepSeconds: number
    readonly bits: string | null
  } | null
  readonly span: { readonly start: number; readonly end: number }
  readonly width: number
  readonly y: number
  readonly most: number
  readonly limit: number
  readonly kind: 'pic' | 'snd'
}) {
  const { strip, span, width, y, most, limit, kind } = props
  const path = useMemo(() => {
    if (strip === null) return ''
    return [...bitsOf(strip.bits)]
      .map((bits, index) => {
        if (bits === NOT_COMPARED) return ''
        const from = pixelOf(strip.start + index * strip.stepSeconds, span, width)
        const wide = (strip.stepSeconds / (span.end - span.start || 1)) * width
        const high = STRIP * Math.max(0, 1 - bits / most)
        return `M${from.toFixed(1)} ${(y + STRIP).toFixed(1)}v${(-high).toFixed(1)}h${wide.toFixed(1)}v${high.toFixed(1)}z`
      })
      .join('')
  }, [strip, span.start, span.end, width])
  if (strip === null) return null
  const level = y + STRIP * (limit / most)
  return (
    <>
      <path class={`agree-${kind}`} d={path} />
      <path class="agree-limit" d={`M0 ${level.toFixed(1)}H${width}`} />
    </>
  )
}
