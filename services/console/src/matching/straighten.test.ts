import { expect, test } from 'vitest'
import { asItIs, contain, layoutOf } from './straighten.ts'

const picture = { width: 640, height: 360 }
const pane = { width: 320, height: 180 }

test('a picture that is not changed fills its pane', () => {
  expect(layoutOf(asItIs, { picture, pane, stretch: false })).toEqual({
    width: 320,
    height: 180,
    transform: 'translate(160.00px, 90.00px) translate(-160.00px, -90.00px)',
    clipPath: 'none',
  })
})

test('mirroring is undone after the rotation', () => {
  const { transform } = layoutOf({ box: null, mirrored: true, turn: 90 }, { picture, pane, stretch: false })
  expect(transform).toMatch(/scaleX\(-1\) rotate\(-90deg\)/)
})

test('a turned picture is scaled to the pane by its other side', () => {
  const layout = layoutOf({ box: null, mirrored: false, turn: 90 }, { picture, pane, stretch: false })
  expect(layout.width).toBeCloseTo(180)
  expect(layout.height).toBeCloseTo(101.25)
})

test('a box is cut out and enlarged to the pane', () => {
  const box = { left: 0.5, top: 0.5, right: 1, bottom: 1 }
  const layout = layoutOf({ ...asItIs, box }, { picture, pane, stretch: false })
  expect(layout).toMatchObject({ width: 640, height: 360, clipPath: 'inset(50.000% 0.000% 0.000% 50.000%)' })
  expect(layout.transform).toContain('translate(-480.00px, -270.00px)')
})

test('a picture of another shape is stretched only where pictures lie over each other', () => {
  const square = { width: 100, height: 100 }
  expect(layoutOf(asItIs, { picture: square, pane, stretch: false })).toMatchObject({
    width: 180,
    height: 180,
  })
  expect(layoutOf(asItIs, { picture: square, pane, stretch: true })).toMatchObject({
    width: 320,
    height: 180,
  })
  expect(contain(square, pane)).toEqual({ width: 180, height: 180 })
})
