import { expect, test } from 'vitest'
import { batchesOf } from './batches-of.ts'

test.each([
  [[], 3, []],
  [[1, 2, 3], 3, [[1, 2, 3]]],
  [[1, 2, 3, 4], 3, [[1, 2, 3], [4]]],
  [[1, 2], 1, [[1], [2]]],
])('%j in batches of %d is %j', (list, size, batches) => {
  expect(batchesOf(list, size)).toEqual(batches)
})
