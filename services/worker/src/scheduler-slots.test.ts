import { expect, test } from 'vitest'
import { createSchedulerSlots, LONG_BYTES, type SchedulerSlots, type Slot } from './scheduler-slots.ts'

const LONG = LONG_BYTES
const SHORT = 1000

function acquire(slots: SchedulerSlots, bytes: number): Slot {
  const slot = slots.acquire(bytes)
  if (slot === null) throw new Error('No slot is free.')
  return slot
}

test('long videos leave one slot free for short ones', () => {
  const slots = createSchedulerSlots({ count: 2, cores: 2 })
  expect(slots.acceptsLong()).toBe(true)
  const long = acquire(slots, LONG)
  expect([slots.acceptsLong(), slots.acquire(LONG)]).toEqual([false, null])
  acquire(slots, SHORT).release()
  acquire(slots, SHORT)
  long.release()
  acquire(slots, LONG)
})

test('a worker with a single slot also runs long videos', () => {
  expect(createSchedulerSlots({ count: 1, cores: 2 }).acquire(LONG)).not.toBeNull()
})

test('a single job gets both of two cores, and all jobs together get fewer than two threads per core', () => {
  const two = createSchedulerSlots({ count: 2, cores: 2 })
  const alone = acquire(two, LONG)
  expect(alone.threads).toBe(2)
  expect(acquire(two, SHORT).threads).toBe(1)
  alone.release()
  const sixteen = createSchedulerSlots({ count: 16, cores: 16 })
  const threads = Array.from({ length: 16 }, () => acquire(sixteen, SHORT).threads)
  expect(threads.slice(0, 5)).toEqual([8, 4, 2, 2, 1])
  expect(threads.reduce((sum, one) => sum + one)).toBeLessThan(2 * 16)
})
