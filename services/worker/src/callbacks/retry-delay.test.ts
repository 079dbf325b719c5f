import { expect, test } from 'vitest'
import { defaultRetryPlan, retryDelayMs } from './retry-delay.ts'

const HOUR_MS = 3_600_000

/** The times of all attempts if each fails at once. */
function schedule(random: () => number): number[] {
  const times = [0]
  for (;;) {
    const elapsed = times.at(-1) ?? 0
    const delayMs = retryDelayMs(elapsed, defaultRetryPlan, random)
    if (delayMs === null) return times
    times.push(elapsed + delayMs)
  }
}

test('delays double up to an hour, for exactly a day', () => {
  const times = schedule(() => 0.5)
  expect(times.slice(0, 5)).toEqual([0, 5_000, 10_000, 20_000, 40_000])
  expect(times.at(-1)).toBe(24 * HOUR_MS)
  expect(times.length).toBeGreaterThan(25)
  expect(times.length).toBeLessThan(50)
})

test('jitter varies the delays without exceeding the day or adding many attempts', () => {
  for (const random of [() => 0, () => 1, Math.random]) {
    const times = schedule(random)
    expect(times.at(-1)).toBe(24 * HOUR_MS)
    expect(times.length).toBeLessThan(60)
    expect(times[1]).toBeGreaterThanOrEqual(4_000)
    expect(times[1]).toBeLessThanOrEqual(6_000)
  }
})

test('no attempt is made after the day', () => {
  expect(retryDelayMs(24 * HOUR_MS, defaultRetryPlan)).toBeNull()
  expect(retryDelayMs(30 * HOUR_MS, defaultRetryPlan)).toBeNull()
})
