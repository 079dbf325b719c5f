import { expect, test } from 'vitest'
import { remembered } from './remembered.ts'

test('a result is made once for each object, also if it is null', () => {
  const made: object[] = []
  const sizeOf = remembered((key: { size: number | null }) => {
    made.push(key)
    return key.size
  })
  const [one, other, none] = [{ size: 1 }, { size: 1 }, { size: null }]
  expect([one, other, none, one, none].map(sizeOf)).toEqual([1, 1, null, 1, null])
  expect(made).toEqual([one, other, none])
})
