import { expect, test } from 'vitest'
import { rangeNames, rangeOf, seriesBefore, seriesOf } from './ranges.ts'

const now = new Date('2026-03-10T14:47:12.345Z')

test.each(rangeNames)(
  'the bars of %s begin at full steps of the local time, and the last one is not over',
  (range) => {
    const { from, to, step } = seriesOf(range, now)
    const local = Date.parse(from) / 1000 - now.getTimezoneOffset() * 60
    expect(local % step).toBe(0)
    expect(to).toBe(now.toISOString())
    const steps = (Date.parse(to) - Date.parse(from)) / 1000 / step
    expect(Math.ceil(steps)).toBe({ '1h': 30, '24h': 48, '7d': 42, '30d': 30 }[range])
  },
)

test('the time before is as long, and ends as far into its last step', () => {
  const { from, to } = seriesOf('24h', now)
  const before = seriesBefore('24h', now)
  expect(Date.parse(from) - Date.parse(before.from)).toBe(86_400_000)
  expect(Date.parse(to) - Date.parse(before.to)).toBe(86_400_000)
})

test('a time that does not exist is a day', () => {
  expect(rangeOf('2y')).toBe('24h')
  expect(rangeOf(undefined)).toBe('24h')
})
