import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createQuietLog } from './quiet-log.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const record = () => {
  const lines: [object, string][] = []
  return { lines, warn: (fields: object, message: string) => void lines.push([fields, message]) }
}

test('a server that stays away is reported once, without a stack, whatever its errors say', () => {
  const log = record()
  const quiet = createQuietLog(log)
  quiet.away(new Error('connect ECONNREFUSED'), 'Not read', { jobId: 'j1' })
  quiet.away(new Error('terminated'), 'Not read')
  quiet.away('other', 'Not written')
  expect(log.lines).toEqual([
    [{ jobId: 'j1', error: 'connect ECONNREFUSED' }, 'Not read'],
    [{ error: 'other' }, 'Not written'],
  ])
})

test('half a minute later it is said again, with the number of times that it was not', () => {
  const log = record()
  const quiet = createQuietLog(log)
  for (let n = 0; n < 4; n++) quiet.away(new Error('refused'), 'Not read')
  vi.advanceTimersByTime(30_000)
  quiet.away(new Error('refused'), 'Not read')
  vi.advanceTimersByTime(30_000)
  quiet.away(new Error('refused'), 'Not read')
  expect(log.lines.map(([fields]) => fields)).toEqual([
    { error: 'refused' },
    { error: 'refused', unsaid: 3 },
    { error: 'refused' },
  ])
})
