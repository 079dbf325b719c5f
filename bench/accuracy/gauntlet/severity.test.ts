import { expect, test } from 'vitest'
import { choiceAt, countAt, strengthOf, valueAt } from './severity.ts'

test('parameters are interpolated between mild, medium and severe', () => {
  expect([0, 0.5, 1, 1.5, 2].map((strength) => valueAt(strength, [1, 2, 6]))).toEqual([1, 1.5, 2, 4, 6])
  expect(countAt(1.5, [1, 2, 3])).toBe(3)
  expect([0.4, 0.6, 1.4, 1.6].map((strength) => choiceAt(strength, ['a', 'b', 'c']))).toEqual([
    'a',
    'b',
    'b',
    'c',
  ])
})

test('a random severity draws any strength, and the named ones have their own', () => {
  expect(strengthOf('random', () => 0.75)).toBe(1.5)
  expect((['mild', 'medium', 'severe'] as const).map((one) => strengthOf(one, () => 0.75))).toEqual([0, 1, 2])
})
