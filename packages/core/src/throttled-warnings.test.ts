import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createThrottledWarnings } from './throttled-warnings.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function record() {
  const lines: [object, string][] = []
  return { lines, warn: (fields: object, message: string) => void lines.push([fields, message]) }
}

test('a failure that repeats is logged once for each message, without a stack, even when its errors differ', () => {
  const log = record()
  const warnings = createThrottledWarnings(log)
  warnings.warn(new Error('connect ECONNREFUSED'), 'Not read', { jobId: 'j1' })
  warnings.warn(new Error('terminated'), 'Not read')
  warnings.warn('other', 'Not written')
  expect(log.lines).toEqual([
    [{ jobId: 'j1', error: 'connect ECONNREFUSED' }, 'Not read'],
    [{ error: 'other' }, 'Not written'],
  ])
})

test('a continuing failure is logged again after 30 s with the number of omitted lines', () => {
  const log = record()
  const warnings = createThrottledWarnings(log)
  for (let n = 0; n < 4; n++) warnings.warn(new Error('refused'), 'Not read')
  vi.advanceTimersByTime(30_000)
  warnings.warn(new Error('refused'), 'Not read')
  vi.advanceTimersByTime(30_000)
  warnings.warn(new Error('refused'), 'Not read')
  expect(log.lines.map(([fields]) => fields)).toEqual([
    { error: 'refused' },
    { error: 'refused', suppressed: 3 },
    { error: 'refused' },
  ])
})
