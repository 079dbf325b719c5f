import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cropDots } from './crop-dots.ts'
import type { Dots } from './evidence.ts'
import { decodeLevels, emptyLevels, encodeLevels, resample } from './levels.ts'

test('levels are the same after encoding and decoding', () => {
  const grid = fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }))
    .chain(([columns, rows]) =>
      fc
        .array(fc.integer({ min: 0, max: 15 }), { minLength: columns * rows, maxLength: columns * rows })
        .map((cells) => ({ columns, rows, cells: Uint8Array.from(cells) })),
    )
  fc.assert(
    fc.property(grid, (levels) => {
      expect(decodeLevels(encodeLevels(levels), levels)).toEqual(levels)
    }),
  )
})

test('an empty grid of 512 by 512 cells takes less than 200 characters', () => {
  const levels = emptyLevels(512, 512)
  const text = encodeLevels(levels)
  expect(text.length).toBeLessThan(200)
  expect(decodeLevels(text, levels)).toEqual(levels)
})

test('a text of another size leaves the rest of a grid empty and never exceeds it', () => {
  const size = { columns: 2, rows: 2 }
  expect([...decodeLevels('', size).cells]).toEqual([0, 0, 0, 0])
  const long = encodeLevels({ columns: 3, rows: 3, cells: new Uint8Array(9).fill(7) })
  expect([...decodeLevels(long, size).cells]).toEqual([7, 7, 7, 7])
})

test('a coarser grid keeps the highest level of the cells that it merges', () => {
  const cells = Uint8Array.of(0, 1, 9, 0, 0, 2, 0, 4)
  const levels = { columns: 4, rows: 2, cells }
  const whole = { fromColumn: 0, toColumn: 4 }
  expect([...resample(levels, { ...whole, columns: 2, rows: 1 }).cells]).toEqual([2, 9])
  expect([...resample(levels, { fromColumn: 1, toColumn: 3, columns: 2, rows: 2 }).cells]).toEqual([
    1, 9, 2, 0,
  ])
})

const dots: Dots = {
  columns: 4,
  rows: 1,
  queryStart: 0,
  queryEnd: 40,
  refStart: 0,
  refEnd: 10,
  picture: encodeLevels({ columns: 4, rows: 1, cells: Uint8Array.of(1, 2, 3, 4) }),
  sound: null,
}
function cropped(range: Parameters<typeof cropDots>[1]) {
  const crop = cropDots(dots, range)
  return [crop.queryStart, crop.queryEnd, ...decodeLevels(crop.picture, crop).cells]
}

test('dots are cropped to the columns that a range touches', () => {
  expect(cropDots(dots, {})).toEqual(dots)
  expect(cropped({ from: 12, to: 25 })).toEqual([10, 30, 2, 3])
  expect(cropped({ from: 12, to: 40, columns: 1 })).toEqual([10, 40, 4])
  expect(cropped({ columns: 2 })).toEqual([0, 40, 2, 4])
})

test('a range outside of the query or turned around shows one column', () => {
  expect(cropped({ from: 99, to: 100 })).toEqual([30, 40, 4])
  expect(cropped({ from: 30, to: 5 })).toEqual([30, 40, 4])
  expect(cropped({ from: -5, to: -1 })).toEqual([0, 10, 1])
})
