import { expect, test } from 'vitest'
import { randomOf } from '../../../testing/random.ts'
import { jointFit, type MatchedFrames } from './joint-fit.ts'
import type { Fit } from './similarity-fit.ts'

const random = randomOf(3)

/** Frames with eight keypoints each, placed by a fit up to a pixel, and as many matches that are chance. */
function framesOf({ a, b, left, top }: Omit<Fit, 'x' | 'y'>, count: number): MatchedFrames[] {
  return Array.from({ length: count }, () => {
    const size = 16
    const points = () => ({
      x: Float64Array.from({ length: size }, () => 192 * random()),
      y: Float64Array.from({ length: size }, () => 192 * random()),
      scale: new Float64Array(size).fill(1),
    })
    const [query, ref] = [points(), points()]
    for (let i = 0; i < size / 2; i++) {
      const [x, y] = [ref.x[i] as number, ref.y[i] as number]
      query.x[i] = a * x - b * y + left + random() - 0.5
      query.y[i] = b * x + a * y + top + random() - 0.5
    }
    const matches = Array.from({ length: size }, (_, i) => ({ query: i, ref: i, bits: 10 }))
    return { query, ref, matches }
  })
}

/** A proposal like that of a single frame: off by some percent and some pixels. */
function nearTo({ a, b, left, top }: Omit<Fit, 'x' | 'y'>): Fit {
  return { a: 1.06 * a, b: b + 0.01, left: left - 5, top: top - 4, x: 96, y: 96 }
}

test.each([
  { a: 0.8, b: 0, left: 21, top: 13 },
  { a: 1.2, b: 0.17, left: -30, top: -12 },
])('many frames together give an exact fit (%o)', (actual) => {
  const found = jointFit(framesOf(actual, 12), [nearTo(actual)])
  expect(found?.fit.a).toBeCloseTo(actual.a, 2)
  expect(found?.fit.b).toBeCloseTo(actual.b, 2)
  const shift = (fit: Omit<Fit, 'x' | 'y'>) => fit.a * 96 - fit.b * 96 + fit.left
  expect(Math.abs(shift(found?.fit ?? actual) - shift(actual))).toBeLessThan(0.5)
  expect(found?.inliers).toBeGreaterThan(80)
})

test('an upright picture is not turned by the noise of few keypoints', () => {
  const actual = { a: 0.9, b: 0, left: 4, top: 6 }
  expect(jointFit(framesOf(actual, 1), [nearTo(actual)])?.fit.b).toBe(0)
})

test('chance matches have no fit of many keypoints', () => {
  const frames = framesOf({ a: 1, b: 0, left: 0, top: 0 }, 6).map(({ query, ref, matches }) => ({
    query,
    ref,
    matches: matches.slice(8),
  }))
  const proposals = [0.7, 1, 1.4].map((a) => ({ a, b: 0, left: 0, top: 0, x: 96, y: 96 }))
  expect(jointFit(frames, proposals)?.inliers ?? 0).toBeLessThan(8)
})

test('without proposals there is no fit', () => {
  expect(jointFit([], [])).toBeNull()
})
