import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchForStall } from './stall-guard.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a client that transfers no byte for two minutes has stalled; a slow one has not', () => {
  const socket = { bytesRead: 0, bytesWritten: 0 }
  const onStall = vi.fn()
  watchForStall(socket, onStall)
  for (let minute = 0; minute < 10; minute++) {
    if (minute % 2 === 0) socket.bytesRead += 1
    else socket.bytesWritten += 1
    vi.advanceTimersByTime(60_000)
  }
  expect(onStall).not.toHaveBeenCalled()
  vi.advanceTimersByTime(300_000)
  expect(onStall).toHaveBeenCalledTimes(1)
})

test('a stopped watch does not call back', () => {
  const onStall = vi.fn()
  watchForStall({ bytesRead: 0, bytesWritten: 0 }, onStall)()
  vi.advanceTimersByTime(300_000)
  expect(onStall).not.toHaveBeenCalled()
})
