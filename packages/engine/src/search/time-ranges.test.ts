import { expect, test } from 'vitest'
import { coveredMs, joinRanges, totalMs } from './time-ranges.ts'

function ranges(...pairs: readonly (readonly [number, number])[]) {
  return pairs.map(([fromMs, toMs]) => ({ fromMs, toMs }))
}

test('ranges that overlap or have a small gap are joined and clipped to the query', () => {
  const joined = joinRanges(ranges([500, 700], [-100, 200], [250, 300], [900, 1200]), {
    durationMs: 1000,
    gapMs: 50,
  })
  expect(joined).toEqual(ranges([0, 300], [500, 700], [900, 1000]))
  expect(totalMs(joined)).toBe(600)
})

test('ranges beyond the end of the query are dropped', () => {
  expect(joinRanges(ranges([1000, 1200]), { durationMs: 1000, gapMs: 0 })).toEqual([])
})

test('overlapping ranges cover a range once', () => {
  const [range] = ranges([100, 400])
  if (range === undefined) throw new Error('There is no range.')
  expect(coveredMs(range, ranges([0, 200], [150, 250], [390, 900]))).toBe(160)
  expect(coveredMs(range, [])).toBe(0)
})
