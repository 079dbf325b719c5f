import { expect, test } from 'vitest'
import { createHostRests } from './host-rests.ts'

test('a host that hangs rests twice as long each time, five minutes at most, until it answers', {
  tags: ['hanging-receivers'],
}, () => {
  let nowMs = 0
  const rests = createHostRests({ baseMs: 10_000, now: () => nowMs })
  const restMs = (): number => {
    rests.hung('slow')
    rests.hung('slow')
    const beganMs = nowMs
    while (rests.resting().includes('slow')) nowMs += 1_000
    return nowMs - beganMs
  }
  expect([restMs(), restMs(), restMs()]).toEqual([10_000, 20_000, 40_000])
  for (let n = 0; n < 10; n++) restMs()
  expect(restMs()).toBe(300_000)
  expect(rests.isOnTrial('slow')).toBe(true)
  rests.answered('slow')
  expect(rests.isOnTrial('slow')).toBe(false)
  expect(restMs()).toBe(10_000)
})

test('only so many hosts are remembered', () => {
  const rests = createHostRests({ baseMs: 10_000, now: () => 0 })
  for (let n = 0; n < 20_000; n++) rests.hung(`host ${n}`)
  expect(rests.resting()).toHaveLength(5_000)
  expect(rests.isOnTrial('host 19999')).toBe(true)
})
