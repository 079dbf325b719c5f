import { FRAME_SIDE, type Rect } from '../src/picture/rect.ts'
import { randomOf } from './random.ts'

/** Side of the frames here. */
export const SIDE = FRAME_SIDE

/** Frames of one shot. */
const SHOT_FRAMES = 20

/**
 * A frame of an endless made-up film, 192x192 grey pixels: a new shot every five seconds, each with a dozen soft blobs
 * that drift. Each index always gives the same pixels.
 */
export function sceneFrame(index: number): Uint8Array {
  const random = randomOf(1000 + Math.trunc(index / SHOT_FRAMES))
  const blobs = Array.from({ length: 12 }, () => ({
    x: random() * SIDE + (random() - 0.5) * 4 * (index % SHOT_FRAMES),
    y: random() * SIDE + (random() - 0.5) * 4 * (index % SHOT_FRAMES),
    radius: 8 + 40 * random(),
    level: 200 * (random() - 0.5),
  }))
  const [slopeX, slopeY] = [random() - 0.5, random() - 0.5]
  const light = new Float64Array(SIDE * SIDE)
  for (let y = 0; y < SIDE; y++) {
    const level = slopeY * (y - SIDE / 2)
    for (let x = 0; x < SIDE; x++)
      light[y * SIDE + x] =
        128 + slopeX * (x - SIDE / 2) + level + (RIPPLE_ACROSS[x] as number) * (RIPPLE_DOWN[y] as number)
  }
  for (const blob of blobs) addBlob(light, blob)
  const pixels = new Uint8Array(light.length)
  for (let at = 0; at < pixels.length; at++)
    pixels[at] = Math.max(16, Math.min(235, Math.round(light[at] as number)))
  return pixels
}

const RIPPLE_ACROSS = Float64Array.from({ length: SIDE }, (_, x) => 6 * Math.sin(x / 3))
const RIPPLE_DOWN = Float64Array.from({ length: SIDE }, (_, y) => Math.sin(y / 5))

type Blob = { readonly x: number; readonly y: number; readonly radius: number; readonly level: number }

/** Adds a bell curve that ends at twice the radius. It is the product of a curve across and one down. */
function addBlob(light: Float64Array, { x, y, radius, level }: Blob): void {
  const squares = (middle: number) =>
    Float64Array.from({ length: SIDE }, (_, at) => (at - middle) ** 2 / radius ** 2)
  const bell = (line: Float64Array) => line.map((square) => Math.exp(-2 * square))
  const [across, down] = [squares(x), squares(y)]
  const [acrossBell, downBell] = [bell(across), bell(down)]
  for (let row = 0; row < SIDE; row++) {
    const left = 4 - (down[row] as number)
    if (left <= 0) continue
    const height = level * (downBell[row] as number)
    for (let column = 0; column < SIDE; column++)
      if ((across[column] as number) < left)
        light[row * SIDE + column] =
          (light[row * SIDE + column] as number) + height * (acrossBell[column] as number)
  }
}

/** Share of the pixel that starts at `from` between two edges. */
function overlap(from: number, start: number, end: number): number {
  return Math.max(0, Math.min(from + 1, end) - Math.max(from, start))
}

/** The picture scaled into a rectangle of the frame, over black or another frame, with edges blended between pixels. */
export function overlaid(
  pixels: Uint8Array,
  { left, top, right, bottom }: Rect,
  background: Uint8Array = new Uint8Array(pixels.length),
): Uint8Array {
  const boxed = background.slice()
  const scaleX = SIDE / (right - left)
  const scaleY = SIDE / (bottom - top)
  const clamp = (value: number) => Math.max(0, Math.min(SIDE - 1, Math.trunc(value)))
  // Four samples in each direction of a pixel.
  const samples = (start: number, scale: number) =>
    Uint8Array.from({ length: 4 * SIDE }, (_, sample) => clamp(((sample + 0.5) / 4 - start) * scale))
  const [columns, rows] = [samples(left, scaleX), samples(top, scaleY)]
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const share = overlap(x, left, right) * overlap(y, top, bottom)
      if (share === 0) continue
      let sum = 0
      for (let sample = 0; sample < 16; sample++) {
        const row = rows[4 * y + (sample >> 2)] as number
        sum += pixels[row * SIDE + (columns[4 * x + (sample & 3)] as number)] as number
      }
      const other = (1 - share) * (background[y * SIDE + x] as number)
      boxed[y * SIDE + x] = Math.round(other + (share * sum) / 16)
    }
  }
  return boxed
}

/** Rotates the picture clockwise about its middle and cuts off the corners. */
export function rotated(pixels: Uint8Array, degrees: number): Uint8Array {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180) / 1.25, Math.sin((degrees * Math.PI) / 180) / 1.25]
  return pixels.map((_, at) => {
    const [x, y] = [(at % SIDE) - SIDE / 2, Math.trunc(at / SIDE) - SIDE / 2]
    const from = { x: Math.round(cos * x + sin * y + SIDE / 2), y: Math.round(cos * y - sin * x + SIDE / 2) }
    return pixels[from.y * SIDE + from.x] as number
  })
}

/** Maps a point of a copy to the point of the picture it shows, both in fractions of width and height. */
export type Mapping = (x: number, y: number) => readonly [x: number, y: number]

/** Orientations of a picture, by name. */
export const ORIENTED = {
  upright: (x, y) => [x, y],
  mirrored: (x, y) => [1 - x, y],
  'upside down': (x, y) => [x, 1 - y],
  'turned by 180 degrees': (x, y) => [1 - x, 1 - y],
  'turned by 270 degrees': (x, y) => [1 - y, x],
  'turned by 90 degrees': (x, y) => [y, 1 - x],
} as const satisfies Record<string, Mapping>

/** Part of the picture, given in fractions of it, in another orientation and stretched over the whole frame. */
export function cropped(pixels: Uint8Array, rect: Rect, mapping: Mapping = ORIENTED.upright): Uint8Array {
  const sources = sourcesOf(rect, mapping)
  const copy = new Uint8Array(SIDE * SIDE)
  for (let at = 0; at < copy.length; at++) {
    let sum = 0
    for (let sample = 4 * at; sample < 4 * at + 4; sample++)
      sum += pixels[sources[sample] as number] as number
    copy[at] = Math.round(sum / 4)
  }
  return copy
}

let lastSources: { readonly rect: Rect; readonly mapping: Mapping; readonly sources: Uint16Array } | undefined

/** Where the four samples of each pixel of a copy are in the picture. Kept, because films are copied frame by frame. */
function sourcesOf(rect: Rect, mapping: Mapping): Uint16Array {
  if (lastSources?.rect === rect && lastSources.mapping === mapping) return lastSources.sources
  const { left, top, right, bottom } = rect
  const at = (share: number) => Math.min(SIDE - 1, Math.trunc(share * SIDE))
  const sources = Uint16Array.from({ length: 4 * SIDE * SIDE }, (_, index) => {
    const [pixel, sample] = [Math.trunc(index / 4), index % 4]
    const x = ((pixel % SIDE) + ((sample % 2) + 0.5) / 2) / SIDE
    const y = (Math.trunc(pixel / SIDE) + (Math.trunc(sample / 2) + 0.5) / 2) / SIDE
    const [across, down] = mapping(x, y)
    return at(top + down * (bottom - top)) * SIDE + at(left + across * (right - left))
  })
  lastSources = { rect, mapping, sources }
  return sources
}
