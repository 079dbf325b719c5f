import { expect, test } from 'vitest'
import { createReceiverBackoff } from './receiver-backoff.ts'

test('the backoff for a hanging receiver doubles up to five minutes, until it responds', {
  tags: ['hanging-receivers'],
}, () => {
  let nowMs = 0
  const backoff = createReceiverBackoff({ baseMs: 10_000, now: () => nowMs })
  const backoffMs = (): number => {
    backoff.recordTimeout('slow')
    backoff.recordTimeout('slow')
    const startMs = nowMs
    while (backoff.blocked().includes('slow')) nowMs += 1_000
    return nowMs - startMs
  }
  expect([backoffMs(), backoffMs(), backoffMs()]).toEqual([10_000, 20_000, 40_000])
  for (let n = 0; n < 10; n++) backoffMs()
  expect(backoffMs()).toBe(300_000)
  expect(backoff.isOnTrial('slow')).toBe(true)
  backoff.recordAnswer('slow')
  expect(backoff.isOnTrial('slow')).toBe(false)
  expect(backoffMs()).toBe(10_000)
})

test('only the latest 5,000 receivers are remembered', () => {
  const backoff = createReceiverBackoff({ baseMs: 10_000, now: () => 0 })
  for (let n = 0; n < 20_000; n++) backoff.recordTimeout(`host ${n}`)
  expect(backoff.blocked()).toHaveLength(5_000)
  expect(backoff.isOnTrial('host 19999')).toBe(true)
})
