import { describe, expect, test } from 'vitest'
import { overlaid, SIDE, sceneFrame } from '../../testing/synthetic-video.ts'
import { hashDistance } from '../hash/hamming.ts'
import { FrameHasher } from './frame-hasher.ts'

const pillars = { left: 24, top: 0, right: 168, bottom: 192 }
const scenes = Array.from({ length: 60 }, (_, index) => sceneFrame(index))

/** Repaints the pillars; `x` is the distance from the edge of the frame on either side, 0 to 23. */
function painted(
  pixels: Uint8Array,
  paint: (value: number, at: { x: number; y: number; isLeft: boolean }) => number,
): Uint8Array {
  return pixels.map((value, at) => {
    const isLeft = at % SIDE < SIDE / 2
    const x = isLeft ? at % SIDE : SIDE - 1 - (at % SIDE)
    return x < 24 ? paint(value, { x, y: Math.trunc(at / SIDE), isLeft }) : value
  })
}

function hashed(frames: readonly Uint8Array[]): { edges: number[]; hashes: Uint32Array[] } {
  const hashes: Uint32Array[] = []
  const hasher = new FrameHasher({ onFrame: ({ hash }) => hashes.push(hash) })
  for (const [i, pixels] of frames.entries()) hasher.push(250 * i, pixels)
  const { left, top, right, bottom } = hasher.finish()
  return { edges: [left, top, right, bottom].map(Math.round), hashes }
}

const boxed = scenes.map((pixels) => overlaid(pixels, pillars))

describe('a pillarbox', () => {
  test.each([8, 19])(
    'is removed although coarse coding lifts its right bar by %d levels in some scenes',
    (step) => {
      const lifted = boxed.map((pixels, i) =>
        painted(pixels, (value, { isLeft }) => (isLeft || i % 20 < 10 ? value : step)),
      )
      expect(hashed(lifted).edges).toEqual([24, 0, 168, 192])
    },
  )

  test('is removed although each bar has a permanent logo', () => {
    const branded = boxed.map((pixels) =>
      painted(pixels, (value, { x, y, isLeft }) => {
        const isLogo = x >= 5 && x < 19 && (isLeft ? y >= 10 && y < 40 : y >= 150 && y < 180)
        return isLogo ? 220 : value
      }),
    )
    expect(hashed(branded).edges).toEqual([24, 0, 168, 192])
  })

  test('is removed from noisy video while its mean level is constant', () => {
    const noisy = boxed.map((pixels, i) =>
      painted(pixels, (value, { x, y }) => value + ((x * 7 + y * 13 + i * 5) % 11)),
    )
    expect(hashed(noisy).edges).toEqual([24, 0, 168, 192])
  })

  test('is not confused with a shadow: uneven edges of changing level are kept', () => {
    const shaded = scenes.map((pixels, i) =>
      painted(pixels, (_, { x, y }) => (i % 20 < 10 ? 0 : 15) + ((x * 7 + y * 13) % 9)),
    )
    expect(hashed(shaded).edges).toEqual([0, 0, 192, 192])
  })
})

describe('a pillarboxed shot shorter than two seconds', () => {
  const full = hashed(scenes).hashes
  const distances = (frames: readonly Uint8Array[], from: number, to: number) => {
    const { hashes } = hashed(frames)
    return Array.from({ length: to - from }, (_, i) =>
      hashDistance(hashes[from + i] as Uint32Array, 0, { b: full[from + i] as Uint32Array, j: 0 }),
    )
  }
  const endsBoxed = (bar: (pixels: Uint8Array) => Uint8Array = (pixels) => pixels) =>
    scenes.map((pixels, i) => (i < 54 ? pixels : bar(overlaid(pixels, pillars))))

  test('loses its pillarbox', () => {
    expect(Math.max(...distances(endsBoxed(), 54, 60))).toBeLessThan(31)
  })

  test('loses its pillarbox although coding has blurred the lines beside the picture', () => {
    const blurred = endsBoxed((pixels) =>
      painted(pixels, (value, { x, y }) => (x >= 22 ? value + ((y * 3) % 5) : value)),
    )
    expect(Math.max(...distances(blurred, 54, 60))).toBeLessThan(31)
  })

  test('does not affect a title on black that follows it', () => {
    const title = new Uint8Array(SIDE * SIDE)
    for (let y = 92; y < 100; y++) title.fill(200, y * SIDE + 70, y * SIDE + 122)
    const titled = scenes.map((pixels, i) => (i < 40 ? pixels : i < 44 ? overlaid(pixels, pillars) : title))
    const alone = hashed(titled.slice(44)).hashes[0] as Uint32Array
    expect(hashDistance(hashed(titled).hashes[50] as Uint32Array, 0, { b: alone, j: 0 })).toBe(0)
  })
})
