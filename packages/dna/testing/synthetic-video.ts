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
  return Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
    const x = at % SIDE
    const y = Math.trunc(at / SIDE)
    let value =
      128 + slopeX * (x - SIDE / 2) + slopeY * (y - SIDE / 2) + 6 * Math.sin(x / 3) * Math.sin(y / 5)
    for (const blob of blobs) {
      const distance = ((x - blob.x) ** 2 + (y - blob.y) ** 2) / blob.radius ** 2
      if (distance < 4) value += blob.level * Math.exp(-2 * distance)
    }
    return Math.max(16, Math.min(235, Math.round(value)))
  })
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
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const share = overlap(x, left, right) * overlap(y, top, bottom)
      if (share === 0) continue
      let sum = 0
      for (let sample = 0; sample < 16; sample++) {
        const column = clamp((x + ((sample % 4) + 0.5) / 4 - left) * scaleX)
        const row = clamp((y + (Math.trunc(sample / 4) + 0.5) / 4 - top) * scaleY)
        sum += pixels[row * SIDE + column] as number
      }
      const other = (1 - share) * (background[y * SIDE + x] as number)
      boxed[y * SIDE + x] = Math.round(other + (share * sum) / 16)
    }
  }
  return boxed
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
export function cropped(
  pixels: Uint8Array,
  { left, top, right, bottom }: Rect,
  mapping: Mapping = ORIENTED.upright,
): Uint8Array {
  const at = (share: number) => Math.min(SIDE - 1, Math.trunc(share * SIDE))
  return Uint8Array.from({ length: SIDE * SIDE }, (_, index) => {
    let sum = 0
    for (let sample = 0; sample < 4; sample++) {
      const x = ((index % SIDE) + ((sample % 2) + 0.5) / 2) / SIDE
      const y = (Math.trunc(index / SIDE) + (Math.trunc(sample / 2) + 0.5) / 2) / SIDE
      const [across, down] = mapping(x, y)
      sum += pixels[at(top + down * (bottom - top)) * SIDE + at(left + across * (right - left))] as number
    }
    return Math.round(sum / 4)
  })
}
