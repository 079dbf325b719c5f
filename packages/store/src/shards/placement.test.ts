import { expect, test } from 'vitest'
import { rangesOf, SLOTS, slotOf } from './placement.ts'

test('consecutive ids are spread evenly over the slots', () => {
  const counts = Array.from({ length: 8 }, () => 0)
  for (let id = 1; id <= 8_000; id++) {
    const part = Math.floor((slotOf(id) * 8) / SLOTS)
    counts[part] = (counts[part] ?? 0) + 1
  }
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(10)
})

test('the slot of an id is within the slots, also of the largest id', () => {
  for (const id of [1, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
    expect(slotOf(id)).toBeGreaterThanOrEqual(0)
    expect(slotOf(id)).toBeLessThan(SLOTS)
  }
  // The slot is stored nowhere, so it must never change.
  expect([1, 2, 3, 4].map(slotOf)).toEqual([632, 241, 874, 483])
})

test('neighbouring slots of one shard are one range', () => {
  expect(rangesOf(['a', 'a', null, 'b', 'b'])).toEqual([
    { first: 0, last: 1, shard: 'a' },
    { first: 2, last: 2, shard: null },
    { first: 3, last: 4, shard: 'b' },
  ])
})
