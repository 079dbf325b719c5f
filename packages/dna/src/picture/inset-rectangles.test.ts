import { expect, test } from 'vitest'
import { overlaid, SIDE, sceneFrame } from '../../testing/synthetic-video.ts'
import { findInsets } from './inset-rectangles.ts'
import { findPersistentEdges } from './persistent-edges.ts'
import type { Rect } from './rect.ts'

const film = Array.from({ length: 40 }, (_, i) => sceneFrame(i))

/** A still brick wall, some bricks darker than others: a little edge along every joint. */
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

const SIDES = ['left', 'top', 'right', 'bottom'] as const

/** Largest error of a side, in pixels. */
function errorOf(found: Rect, inset: Rect): number {
  return Math.max(...SIDES.map((side) => Math.abs(found[side] - inset[side])))
}

test.each(insets)('an inset is found in any position over a still, detailed host: %o', (inset) => {
  const found = findInsets(findPersistentEdges(film.map((pixels) => overlaid(pixels, inset, wall))))
  expect(Math.min(...found.map((rect) => errorOf(rect, inset)))).toBeLessThan(2)
})

/** Insets of a wide picture over an upright host: 47 % of its width, 15 % of its height. */
const flatInsets = [
  { left: 3, top: 1.8, right: 93, bottom: 30 },
  { left: 99, top: 1.8, right: 189, bottom: 30 },
  { left: 99, top: 160.9, right: 189, bottom: 189.1 },
]

test.each(flatInsets)('a wide inset over an upright host is found: %o', (inset) => {
  const found = findInsets(findPersistentEdges(film.map((pixels) => overlaid(pixels, inset, wall))))
  expect(Math.min(...found.map((rect) => errorOf(rect, inset)))).toBeLessThan(2)
})
