import { useEffect, useRef } from 'preact/hooks'
import type { FrameSource, Tile } from './frame-source.ts'
import { asItIs, type Straightening } from './straighten.ts'

const GROUND = '#16181c'
/** The opacity of a frame that stands in for another. */
const FAINT = 0.3

/** Frames side by side, each at the middle of its part of the strip. */
export function Filmstrip({
  source,
  times,
  width,
  height,
  straightening = asItIs,
  isLarge = false,
}: {
  readonly source: FrameSource
  /** The second of each frame, from left to right. Null leaves a gap. */
  readonly times: readonly (number | null)[]
  readonly width: number
  readonly height: number
  readonly straightening?: Straightening
  /** Wider frames than thumbnails have. */
  readonly isLarge?: boolean
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const key = `${times.map((time) => time?.toFixed(2)).join()} ${width} ${height} ${JSON.stringify(straightening)}`
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!canvas.current || !context || width <= 0) return
    const scale = Math.min(2, devicePixelRatio)
    canvas.current.width = Math.round(width * scale)
    canvas.current.height = Math.round(height * scale)
    context.scale(scale, scale)
    context.fillStyle = GROUND
    context.fillRect(0, 0, width, height)
    let isOld = false
    const each = width / times.length
    const step = Math.abs((times[1] ?? 0) - (times[0] ?? 0)) || 1
    times.forEach((time, index) => {
      if (time === null) return
      const target = { left: index * each, width: each, height, straightening }
      const draw = (tile: Tile | null) => {
        // A thumbnail of another scene must not look like the wanted frame.
        if (!isOld && tile !== null) drawFrame(context, tile, { ...target, isFaint: tile.missedBy > step })
      }
      // A thumbnail stands in for the frame until the server has decoded it.
      source
        .at(time, Number.POSITIVE_INFINITY)
        .then(draw)
        .then(() => (isLarge ? source.at(time, 0, 640) : source.at(time, step / 2)).then(draw))
        .catch(() => undefined)
    })
    return () => {
      isOld = true
    }
  }, [source, key])
  return (
    <span class="film" aria-hidden="true">
      <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} />
    </span>
  )
}

type Target = {
  readonly left: number
  readonly width: number
  readonly height: number
  readonly straightening: Straightening
  readonly isFaint: boolean
}

/** Draws a frame, straightened, so that it covers its part of the strip. */
function drawFrame(context: CanvasRenderingContext2D, tile: Tile, target: Target): void {
  const { box, mirrored, turn } = target.straightening
  const { left, top, right, bottom } = box ?? { left: 0, top: 0, right: 1, bottom: 1 }
  const wide = tile.width * (right - left)
  const high = tile.height * (bottom - top)
  const isSideways = turn === 90 || turn === 270
  const scale = Math.max(
    target.width / (isSideways ? high : wide),
    target.height / (isSideways ? wide : high),
  )
  context.save()
  context.fillStyle = GROUND
  context.fillRect(target.left, 0, target.width, target.height)
  context.globalAlpha = target.isFaint ? FAINT : 1
  context.beginPath()
  context.rect(target.left, 0, target.width, target.height)
  context.clip()
  context.translate(target.left + target.width / 2, target.height / 2)
  if (mirrored) context.scale(-1, 1)
  context.rotate((-turn * Math.PI) / 180)
  context.drawImage(
    tile.image,
    tile.left + left * tile.width,
    tile.top + top * tile.height,
    wide,
    high,
    (-wide * scale) / 2,
    (-high * scale) / 2,
    wide * scale,
    high * scale,
  )
  context.restore()
}
