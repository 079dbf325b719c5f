import { useEffect, useRef } from 'preact/hooks'
import { type Dots, type Evidence, levelsOf } from '../../matching/evidence.ts'
import { timeText } from '../../matching/format.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { pixelOf } from '../../matching/ribbons.ts'
import { PassageNumbers } from '../../matching/ribbons.tsx'
import { type Span, ticks } from '../../matching/zoom.ts'
import { useSize } from '../../parts/use-size.ts'
import { NotDecoded } from './bar-parts.tsx'
import { type ReadFiner, useFinerDots } from './use-finer-dots.ts'
import { useSliderValue } from './use-slider-value.ts'
import type { Viewer } from './viewer.ts'

const HEIGHT = 270

type Props = {
  readonly viewer: Viewer
  readonly evidence: Evidence
  /** Reads finer dots of a window; absent if there are none. */
  readonly readFiner?: ReadFiner
}

/** Where both videos are alike at all: query across, reference down, the passages as lines. */
export function DotPlot({ viewer, evidence, readFiner }: Props) {
  const texts = matchTexts.value
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  useSliderValue(viewer, box)
  const dots = useFinerDots({ viewer, evidence, readFiner })
  const {
    players,
    match,
    querySpan: { value: across },
    refSpan: { value: down },
  } = viewer
  const dotSeconds = [
    (dots.queryEnd - dots.queryStart) / (dots.columns || 1),
    (dots.refEnd - dots.refStart) / (dots.rows || 1),
  ] as const
  const x = (time: number) => pixelOf(time, across, width)
  const y = (time: number) => pixelOf(time, down, HEIGHT)
  const { time, refTime, selected } = players
  return (
    <section class="ev" aria-label={texts.dotPlot}>
      <div class="row wrap ev-head">
        <h2>{texts.dotPlot}</h2>
        <span class="sm q">
          {texts.dotHint}
          {texts.dotSize(dotSeconds[0].toFixed(1), dotSeconds[1].toFixed(1))}
        </span>
      </div>
      <div class="dots">
        <div class="dots-y" aria-hidden="true">
          {ticks(down, HEIGHT, 44).map((mark) => (
            <span key={mark} style={{ top: `${y(mark)}px` }}>
              {timeText(mark, 0)}
            </span>
          ))}
        </div>
        <div
          ref={box}
          class="dots-in"
          role="slider"
          tabIndex={0}
          aria-label={`${texts.dotPlot}: ${texts.dotHint}`}
          aria-valuemin={0}
          aria-valuemax={Math.round(viewer.durations.query)}
          aria-valuenow={Number(time.peek().toFixed(1))}
          onKeyDown={(event) => {
            const seconds = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
            const refSeconds = { ArrowUp: -1, ArrowDown: 1 }[event.key]
            if (seconds === undefined && refSeconds === undefined) return
            event.preventDefault()
            const far = event.shiftKey ? 5 : 1
            if (refSeconds !== undefined)
              players.pairByHand(time.peek(), Math.max(0, (refTime.peek() ?? 0) + far * refSeconds))
            else players.seek(time.peek() + far * (seconds ?? 0))
          }}
          onPointerDown={(event) => {
            const bounds = event.currentTarget.getBoundingClientRect()
            const query =
              across.start + ((event.clientX - bounds.left) / bounds.width) * (across.end - across.start)
            const ref = down.start + ((event.clientY - bounds.top) / bounds.height) * (down.end - down.start)
            players.pairByHand(query, ref)
          }}
        >
          <Grid {...{ dots, across, down }} />
          {width > 0 && (
            <svg width={width} height={HEIGHT} aria-hidden="true">
              <NotDecoded {...{ viewer }} span={across} box={{ width, y: 0, height: HEIGHT }} />
              {match.passages.map((passage, index) => {
                const [from, to] = passage.reversed
                  ? [passage.refEnd, passage.refStart]
                  : [passage.refStart, passage.refEnd]
                return (
                  <line
                    key={`${passage.queryStart} ${passage.refStart} ${passage.kind}`}
                    class={`dot-line ${passage.kind} ${index === selected.value ? 'on' : ''}`}
                    x1={x(passage.queryStart)}
                    y1={y(from)}
                    x2={x(passage.queryEnd)}
                    y2={y(to)}
                  />
                )
              })}
              <Numbers {...{ viewer, x, y, width }} />
              <Cross {...{ viewer, x, y, width }} />
            </svg>
          )}
        </div>
        <div class="dots-x" aria-hidden="true">
          {ticks(across, width, 72).map((mark) => (
            <span key={mark} style={{ left: `${x(mark)}px` }}>
              {timeText(mark, 0)}
            </span>
          ))}
        </div>
      </div>
    </section>
  )
}

/** The number of each passage beside the middle of its line, above it where it fits. */
function Numbers({ viewer, x, y, width }: Plotted) {
  const { match, players } = viewer
  const labels = match.passages.map(({ queryStart, queryEnd, refStart, refEnd }) => {
    const [left, top] = [x((queryStart + queryEnd) / 2), y((refStart + refEnd) / 2)]
    if (left < 0 || left > width || top < 0 || top > HEIGHT) return null
    return {
      x: Math.min(width - 13, left + 16),
      y: top < 28 ? top + 18 : top - 16,
      // The length of the line.
      width: Math.hypot(x(queryEnd) - x(queryStart), y(refEnd) - y(refStart)),
    }
  })
  return <PassageNumbers labels={labels} selected={players.selected.value} />
}

type Plotted = {
  readonly viewer: Viewer
  readonly x: (time: number) => number
  readonly y: (time: number) => number
  readonly width: number
}

/** The moment that is shown, as crossing lines. Only this is drawn again as frames play. */
function Cross({ viewer, x, y, width }: Plotted) {
  const { time, refTime } = viewer.players
  return (
    <>
      <path class="dot-cross" d={`M${x(time.value)} 0V${HEIGHT}`} />
      {refTime.value !== null && (
        <>
          <path class="dot-cross" d={`M0 ${y(refTime.value)}H${width}`} />
          <circle class="head-end" cx={x(time.value)} cy={y(refTime.value)} r="5.5" />
        </>
      )}
    </>
  )
}

/** The dots of both tracks, each a canvas in the colour of its track, moved and stretched as the bars are zoomed. */
function Grid({ dots, across, down }: { readonly dots: Dots; readonly across: Span; readonly down: Span }) {
  const percent = (time: number, { start, end }: Span) => (100 * (time - start)) / (end - start || 1)
  const [left, right] = [percent(dots.queryStart, across), percent(dots.queryEnd, across)]
  const [top, bottom] = [percent(dots.refStart, down), percent(dots.refEnd, down)]
  const style = { left: `${left}%`, top: `${top}%`, width: `${right - left}%`, height: `${bottom - top}%` }
  return (
    <div class="masks" style={style}>
      {dots.sound !== null && <Mask kind="snd" packed={dots.sound} {...dots} />}
      <Mask kind="pic" packed={dots.picture} {...dots} />
    </div>
  )
}

function Mask(props: {
  readonly kind: 'pic' | 'snd'
  readonly packed: string
  readonly columns: number
  readonly rows: number
}) {
  const { kind, packed, columns, rows } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const { current } = canvas
    const context = current?.getContext('2d')
    if (current === null || !context || columns === 0 || rows === 0) return
    current.width = columns
    current.height = rows
    const levels = levelsOf(packed, columns * rows)
    const image = context.createImageData(columns, rows)
    // The colour of the track, read from the page, so that both themes draw it as they do elsewhere.
    context.fillStyle = getComputedStyle(current).color
    context.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
    levels.forEach((level, index) => {
      image.data.set([red, green, blue, level * 17], 4 * index)
    })
    context.putImageData(image, 0, 0)
  }, [packed, columns, rows])
  return <canvas ref={canvas} class={`mask ${kind}`} />
}
