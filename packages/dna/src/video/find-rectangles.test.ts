import { expect, test } from 'vitest'
import { SIDE, sceneFrame, withBars } from '../testing/synthetic-video.ts'
import { findRectangles } from './find-rectangles.ts'

const film = Array.from({ length: 40 }, (_, i) => sceneFrame(i))

/** A still wall of bricks, some darker than others: a little edge along every joint. */
const wall = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
  const brick = Math.trunc((at % SIDE) / 6) + 32 * Math.trunc(at / SIDE / 6)
  return Math.imul(brick + 1, 2_654_435_761) >>> 24 < 90 ? 110 : 140
})

const insets = [
  { left: 1.2, top: 1, right: 91.2, bottom: 91 },
  { left: 51, top: 1, right: 141, bottom: 91 },
  { left: 100.8, top: 1, right: 190.8, bottom: 91 },
  { left: 1.2, top: 8.4, right: 91.2, bottom: 98.4 },
  { left: 51, top: 8.4, right: 141, bottom: 98.4 },
  { left: 100.8, top: 8.4, right: 190.8, bottom: 98.4 },
]

test.each(insets)('an inset is found wherever it stands before a still and lively host: %o', (inset) => {
  const rectangles = findRectangles(film.map((pixels) => withBars(pixels, inset, wall)))
  const furthest = rectangles.map((found) =>
    Math.max(
      Math.abs(found.left - inset.left),
      Math.abs(found.top - inset.top),
      Math.abs(found.right - inset.right),
      Math.abs(found.bottom - inset.bottom),
    ),
  )
  expect(Math.min(...furthest)).toBeLessThan(2)
})
