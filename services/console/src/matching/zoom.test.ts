import { expect, test } from 'vitest'
import { around, fit, sameScale, ticks, zoomAt } from './zoom.ts'

test('zooming keeps the second under the pointer where it is', () => {
  const zoomed = zoomAt({ start: 0, end: 100 }, { at: 25, factor: 0.5, duration: 100 })
  expect(zoomed).toEqual({ start: 12.5, end: 62.5 })
})

test('zooming out ends at the whole video, and in at half a second', () => {
  expect(zoomAt({ start: 10, end: 60 }, { at: 20, factor: 10, duration: 80 })).toEqual({ start: 0, end: 80 })
  const { start, end } = zoomAt({ start: 10, end: 11 }, { at: 10.5, factor: 0.001, duration: 80 })
  expect(end - start).toBeCloseTo(0.5)
})

test('a span around a passage stays inside the video', () => {
  expect(around({ start: 0, end: 10 }, 50)).toEqual({ start: 0, end: 12 })
  expect(fit({ start: 45, end: 55 }, 50)).toEqual({ start: 40, end: 50 })
})

test('the same scale makes a second equally long on both bars', () => {
  expect(
    sameScale(
      [
        { start: 0, end: 20 },
        { start: 30, end: 40 },
      ],
      [20, 300],
    ),
  ).toEqual([
    { start: 0, end: 20 },
    { start: 25, end: 45 },
  ])
})

test('the marks of an axis are round seconds that do not touch', () => {
  expect(ticks({ start: 0, end: 94 }, 976)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
  expect(ticks({ start: 6.9, end: 8.1 }, 720)).toEqual([7, 7.2, 7.4, 7.6, 7.8, 8])
})
