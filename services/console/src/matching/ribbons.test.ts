import { expect, test } from 'vitest'
import { playheadPath, ribbonOf, shownLabels } from './ribbons.ts'

const frame = {
  width: 100,
  top: 0,
  bottom: 50,
  query: { start: 0, end: 10 },
  reference: { start: 0, end: 20 },
}
const passage = { queryStart: 2, queryEnd: 4, refStart: 10, refEnd: 14, speed: 2, reversed: false }

test('a ribbon connects the two ends of a passage', () => {
  expect(ribbonOf(passage, frame)).toMatchObject({
    query: { left: 20, width: 20 },
    reference: { left: 50, width: 20 },
    path: 'M20.0 0.0L40.0 0.0C40.0 25.0 70.0 25.0 70.0 50.0L50.0 50.0C50.0 25.0 20.0 25.0 20.0 0.0Z',
  })
})

test('the ribbon of a backwards passage twists', () => {
  expect(ribbonOf({ ...passage, reversed: true }, frame)?.path).toBe(
    'M20.0 0.0L40.0 0.0C40.0 25.0 50.0 25.0 50.0 50.0L70.0 50.0C70.0 25.0 20.0 25.0 20.0 0.0Z',
  )
})

test('a short passage is 2 px wide, and one outside the view has no ribbon', () => {
  expect(ribbonOf({ ...passage, queryEnd: 2.001 }, frame)?.query.width).toBe(2)
  const zoomed = { ...frame, query: { start: 6, end: 7 }, reference: { start: 0, end: 5 } }
  expect(ribbonOf(passage, zoomed)).toBeNull()
})

test('numbers stand on ribbons that are wide enough and never on each other', () => {
  const at = (x: number, width: number) => ({ x, y: 20, width })
  expect([...shownLabels([at(0, 40), at(10, 40), at(60, 40), at(90, 8)], 1)]).toEqual([1, 2])
})

test('the playhead follows the curve of the ribbons', () => {
  expect(playheadPath({ query: 5, reference: 80 }, frame)).toBe('M5.0 0.0C5.0 25.0 80.0 25.0 80.0 50.0')
})
