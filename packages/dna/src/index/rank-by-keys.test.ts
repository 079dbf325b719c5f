import { expect, test } from 'vitest'
import { type KeyHit, rankByKeys } from './rank-by-keys.ts'

const hit = (videoId: string, queryMs: number, refMs: number, ...keys: number[]): KeyHit => ({
  videoId,
  queryMs,
  refMs,
  keys,
})

const idsOf = (hits: KeyHit[], limit = 12) =>
  rankByKeys(hits, { limit, binMs: 1000 }).map(({ videoId }) => videoId)

test('a video that is hit at several moments along one offset ranks before one that is hit at other offsets', () => {
  const right = [0, 2000, 4000].map((ms) => hit('right', ms, ms + 7000, ms))
  const other = [0, 2000, 4000].map((ms) => hit('other', ms, 60_000 - ms, ms + 1, ms + 2))
  const [first] = rankByKeys([...other, ...right], { limit: 12, binMs: 1000 })
  expect(first).toMatchObject({ videoId: 'right', isStrong: false })
  expect(first?.seeds[0]).toMatchObject({ queryMs: expect.any(Number) })
  expect(first?.seeds.map(({ queryMs, refMs }) => refMs - queryMs)).toEqual([7000])
})

test('one key alone names no video, two of one frame do', () => {
  expect(idsOf([hit('chance', 0, 9000, 5), hit('chance', 1000, 10_000, 5)].slice(0, 1))).toEqual([])
  expect(idsOf([hit('two', 0, 9000, 5, 6)])).toEqual(['two'])
})

test('a key that many stored frames have counts little', () => {
  const letters = Array.from({ length: 50 }, (_, i) =>
    [0, 2000, 4000].map((ms) => hit(`page ${i}`, ms, ms + 3000, 1, 2)),
  ).flat()
  const right = [hit('right', 0, 5000, 10), hit('right', 2000, 7000, 11)]
  expect(idsOf([...letters, ...right])[0]).toBe('right')
})

test('hits of one stored frame by many frames of the query count once', () => {
  const still = Array.from({ length: 30 }, (_, i) => hit('still', i * 30, 5000, 1, 2))
  const right = [0, 2000, 4000].map((ms) => hit('right', ms, ms + 9000, ms + 10))
  expect(idsOf([...still, ...right])[0]).toBe('right')
})

test('at most `limit` videos are named, and of equal ones always the same', () => {
  const hits = ['c', 'a', 'b'].map((id) => hit(id, 0, 1000, 1, 2))
  expect(idsOf(hits, 2)).toEqual(['a', 'b'])
  expect(idsOf([])).toEqual([])
})
