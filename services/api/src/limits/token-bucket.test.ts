import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTokenBuckets } from './token-bucket.ts'

test('a bucket allows a burst at once, then `perSecond` in each second', () => {
  let nowMs = 0
  const rate = createTokenBuckets({ perSecond: 2, burst: 3, now: () => nowMs })
  const taken = () => [1, 2, 3, 4, 5].map(() => rate.take('a'))
  expect(taken()).toEqual([true, true, true, false, false])
  expect(rate.has('a')).toBe(false)
  expect(rate.take('b')).toBe(true)
  nowMs = 1_000
  expect(taken()).toEqual([true, true, false, false, false])
  nowMs = 60_000
  expect(taken()).toEqual([true, true, true, false, false])
})

test('a rate of 0 turns the limit off', () => {
  const rate = createTokenBuckets({ perSecond: 0, burst: 0 })
  expect([rate.has('a'), rate.take('a'), rate.take('a')]).toEqual([true, true, true])
})

test('forceTake leaves a debt of at most one burst', () => {
  let nowMs = 0
  const rate = createTokenBuckets({ perSecond: 1, burst: 5, now: () => nowMs })
  for (let n = 0; n < 1000; n++) rate.forceTake('a')
  nowMs = 5_900
  expect(rate.has('a')).toBe(false)
  nowMs = 6_000
  expect(rate.has('a')).toBe(true)
})

test('at most `maxClients` clients are remembered, and active ones are not forgotten', {
  tags: ['limiter-memory'],
}, () => {
  const rate = createTokenBuckets({ perSecond: 1, burst: 1, maxClients: 10, now: () => 0 })
  rate.take('busy')
  for (let n = 0; n < 1000; n++) {
    rate.take(String(n))
    expect(rate.take('busy')).toBe(false)
  }
  expect(rate.has('1')).toBe(true)
})

test('no period allows more than the burst plus the tokens added in it', () => {
  const steps = fc.array(fc.tuple(fc.nat(2_000), fc.nat(20)), { maxLength: 50 })
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      (waits, perSecond, burst) => {
        let [nowMs, taken] = [0, 0]
        const rate = createTokenBuckets({ perSecond, burst, now: () => nowMs })
        for (const [waitMs, tries] of waits) {
          nowMs += waitMs
          for (let n = 0; n < tries; n++) if (rate.take('a')) taken += 1
        }
        expect(taken).toBeLessThanOrEqual(burst + (nowMs * perSecond) / 1000 + 1e-6)
      },
    ),
  )
})
