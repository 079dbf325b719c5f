import { expect, test } from 'vitest'
import { formatClock } from './format-clock.ts'

test('times under one hour show minutes and hundredths', () => {
  expect(formatClock(0)).toBe('0:00.00')
  expect(formatClock(75.25)).toBe('1:15.25')
  expect(formatClock(59.999)).toBe('1:00.00')
})

test('times of one hour and more show hours', () => {
  expect(formatClock(3725.5)).toBe('1:02:05.50')
})
