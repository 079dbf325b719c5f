import { expect, test } from 'vitest'
import { createSettling } from './settling.ts'

/** A file system and its two clocks, in milliseconds. */
function open() {
  const clock = { wallMs: 1_000_000, monotonicMs: 0 }
  const { isComplete } = createSettling({
    settleMs: 5_000,
    now: () => clock.wallMs,
    monotonic: () => clock.monotonicMs,
  })
  const pass = (ms: number): void => {
    clock.wallMs += ms
    clock.monotonicMs += ms
  }
  const file = (mtimeMs: number, more: { size?: number; ctimeMs?: number } = {}) => {
    return { size: 10, ino: 1, ctimeMs: mtimeMs, mtimeMs, ...more }
  }
  return { isComplete, pass, file }
}

test('a file that has not changed for long is complete at once', () => {
  const { isComplete, file } = open()
  expect(isComplete('a', file(900_000))).toBe(true)
})

test('a file that grows is complete when it has stopped growing', () => {
  const { isComplete, pass, file } = open()
  expect(isComplete('a', file(1_000_000))).toBe(false)
  pass(4_000)
  expect(isComplete('a', file(1_004_000, { size: 20 }))).toBe(false)
  pass(4_000)
  expect(isComplete('a', file(1_004_000, { size: 20 }))).toBe(false)
  pass(1_000)
  expect(isComplete('a', file(1_004_000, { size: 20 }))).toBe(true)
})

test('a copy that keeps the old time of its original is not complete before its own last change has settled', () => {
  const { isComplete, pass, file } = open()
  expect(isComplete('a', file(0, { ctimeMs: 999_000 }))).toBe(false)
  pass(4_000)
  expect(isComplete('a', file(0, { ctimeMs: 999_000 }))).toBe(true)
})

test('a file of a server whose clock is ahead is complete after it was seen unchanged', () => {
  const { isComplete, pass, file } = open()
  expect(isComplete('a', file(9_000_000))).toBe(false)
  pass(5_000)
  expect(isComplete('a', file(9_000_000))).toBe(true)
})
