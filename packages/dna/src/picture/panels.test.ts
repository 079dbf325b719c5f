import { expect, test } from 'vitest'
import { overlaid, SIDE, sceneFrame } from '../../testing/synthetic-video.ts'
import { panelWindows } from './panel-windows.ts'
import { findPanels } from './panels.ts'
import { findPersistentEdges } from './persistent-edges.ts'
import type { Rect } from './rect.ts'

const FRAMES = 40
const WHOLE = { left: 0, top: 0, right: SIDE, bottom: SIDE }

/** Frames that show another film in each rectangle. */
function composed(rects: readonly Rect[], level = 0): Uint8Array[] {
  return Array.from({ length: FRAMES }, (_, i) =>
    rects.reduce<Uint8Array>(
      (frame, rect, film) => overlaid(sceneFrame(500 * film + i), rect, frame),
      new Uint8Array(SIDE * SIDE).fill(level),
    ),
  )
}

function panelsOf(frames: readonly Uint8Array[]): Rect[] {
  return findPanels(findPersistentEdges(frames))
}

/** Error, in pixels, of the nearest of the rectangles. */
function errorOf(found: readonly Rect[], { left, top, right, bottom }: Rect): number {
  return Math.min(
    ...found.map((rect) =>
      Math.max(
        Math.abs(rect.left - left),
        Math.abs(rect.top - top),
        Math.abs(rect.right - right),
        Math.abs(rect.bottom - bottom),
      ),
    ),
  )
}

test('both panels of an uneven split screen are found', () => {
  const [first, second] = [
    { ...WHOLE, right: 122.6 },
    { ...WHOLE, left: 122.6 },
  ]
  const found = panelsOf(composed([first, second]))
  for (const panel of [first, second]) expect(errorOf(found, panel)).toBeLessThan(1)
})

test('every cell of a grid is found', () => {
  const cells = [0, 96].flatMap((left) =>
    [0, 96].map((top) => ({ left, top, right: left + 96, bottom: top + 96 })),
  )
  const found = panelsOf(composed(cells))
  for (const cell of cells) expect(errorOf(found, cell)).toBeLessThan(1)
})

test('a picture between the bars of its panel is found, although captions hide one of its borders', () => {
  const panel = { ...WHOLE, bottom: 96 }
  const picture = { left: 0, top: 20, right: SIDE, bottom: 76 }
  const frames = composed([WHOLE, picture, { ...WHOLE, top: 96 }].slice(1), 40).map((frame, i) => {
    const caption = { left: 20, top: 70, right: 172, bottom: 84 }
    return overlaid(sceneFrame(3000 + 20 * i), caption, frame)
  })
  const found = panelsOf(frames)
  expect(errorOf(found, panel)).toBeLessThan(1)
  expect(errorOf(found, picture)).toBeLessThan(1)
})

test('footage without borders has no panels', () => {
  expect(panelsOf(composed([WHOLE]))).toEqual([])
})

test('the window of a wide picture fitted into a narrow panel follows from the shape of the frame', () => {
  const panel = { ...WHOLE, left: 96 }
  const windows = panelWindows([panel], 16 / 9)
  expect(errorOf(windows, { ...panel, top: 48, bottom: 144 })).toBeLessThan(0.1)
  expect(errorOf(windows, { ...panel, left: 103.68, right: 184.32 })).toBeLessThan(0.1)
})
