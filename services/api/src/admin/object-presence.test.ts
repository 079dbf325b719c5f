import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createObjectPresence } from './object-presence.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const [kept, gone] = [
  { bucket: 'films-125', object: 'kept.mp4' },
  { bucket: 'films-125', object: 'gone.mp4' },
]

test('the store is asked about an object once a minute', async () => {
  const exists = vi.fn(async (_bucket: string, object: string) => object === 'kept.mp4')
  const presence = createObjectPresence({ exists })
  expect(await presence.areGone([kept, gone, kept])).toEqual([false, true, false])
  expect(await presence.areGone([gone])).toEqual([true])
  expect(exists).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(61_000)
  expect(await presence.areGone([gone])).toEqual([true])
  expect(exists).toHaveBeenCalledTimes(3)
})

test('an object is neither there nor gone while the store fails or does not answer', async () => {
  const failing = createObjectPresence({ exists: () => Promise.reject(new Error('away')) })
  expect(await failing.areGone([kept])).toEqual([null])
  let answer = (_exists: boolean): void => undefined
  const slow = createObjectPresence({
    exists: () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  })
  expect(await slow.areGone([kept])).toEqual([null])
  answer(false)
  expect(await slow.areGone([kept])).toEqual([true])
})
