import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runProcess } from './run-process.ts'
import { startWatchdog } from './start-watchdog.ts'
import { isAtWork, type Work, workOf } from './work-of.ts'

const STALL_MS = 120_000
const STEP_MS = 1_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => void vi.useRealTimers())

type Second = { readonly says?: 'report' | 'result'; readonly cpuMs?: number; readonly readBytes?: number }

/** Lives through that many seconds of a program, each as `during` says; answers in which it was found stalled. */
const stalledAfter = (seconds: number, during: (second: number) => Second): number | null => {
  const done = { cpuMs: 0, readBytes: 0 }
  const onStall = vi.fn()
  const watchdog = startWatchdog({ pid: 1, stallMs: STALL_MS, onStall, workOf: (): Work => ({ ...done }) })
  try {
    for (let second = 1; second <= seconds; second++) {
      const { says, cpuMs = 0, readBytes = 0 } = during(second)
      done.cpuMs += cpuMs
      done.readBytes += readBytes
      if (says !== undefined) watchdog.sawByte(says)
      vi.advanceTimersByTime(STEP_MS)
      if (onStall.mock.calls.length > 0) return second
    }
    return null
  } finally {
    watchdog.end()
  }
}

test('a program that only says again and again how far it is stands still, as newer ffmpegs do', {
  tags: ['hostile-video'],
}, () => {
  const second = stalledAfter(1_000, () => ({ says: 'report' }))
  expect(second).toBeGreaterThan(STALL_MS / 1000)
  expect(second).toBeLessThanOrEqual(2 * (STALL_MS / 1000))
})

test('one that computes meanwhile is given longer, but not for ever', () => {
  const second = stalledAfter(2_000, () => ({ says: 'report', cpuMs: 900 }))
  expect(second).toBeGreaterThan(4 * (STALL_MS / 1000))
  expect(second).toBeLessThanOrEqual(5 * (STALL_MS / 1000) + 1)
})

test('one that reads meanwhile is given longer too', () => {
  expect(stalledAfter(300, () => ({ says: 'report', readBytes: 20e6 }))).toBeNull()
})

test('one that computes and says nothing at all stands still', () => {
  const second = stalledAfter(1_000, () => ({ cpuMs: 900 }))
  expect(second).toBeGreaterThanOrEqual(STALL_MS / 1000)
  expect(second).toBeLessThanOrEqual(STALL_MS / 1000 + 1)
})

test('what it says elsewhere is a sign of life, however little it computes', () => {
  expect(stalledAfter(2_000, () => ({ says: 'result' }))).toBeNull()
  expect(stalledAfter(2_000, (second) => (second % 100 === 0 ? { says: 'result' } : {}))).toBeNull()
})

test('one that starts again in time is left alone, and nothing is called after the end', () => {
  const onStall = vi.fn()
  const watchdog = startWatchdog({ pid: 1, stallMs: STALL_MS, onStall, workOf: () => null })
  vi.advanceTimersByTime(STALL_MS - STEP_MS)
  watchdog.sawByte('result')
  vi.advanceTimersByTime(STALL_MS - STEP_MS)
  expect(onStall).not.toHaveBeenCalled()
  watchdog.end()
  vi.advanceTimersByTime(10 * STALL_MS)
  expect(onStall).not.toHaveBeenCalled()
})

test('a program that reports on a descriptor of its own and does nothing is ended as stalled', async () => {
  vi.useRealTimers()
  const { ended } = await runProcess({
    program: 'sh',
    args: ['-c', 'while :; do echo frame=1 >&3; sleep 0.2; done'],
    sinks: { 1: () => undefined, 2: () => undefined, 3: () => undefined },
    stallMs: 600,
    reportsOn: 3,
    timeoutMs: 280_000,
    limits: { memoryBytes: 2 ** 30, cpuSeconds: 60, fileBytes: 2 ** 20 },
  })
  expect(ended).toBe('stalled')
})

test('work is time of the processor or bytes that were read, and what nobody tells', () => {
  const idle = { cpuMs: 500, readBytes: 1000 }
  expect(isAtWork(idle, { cpuMs: 560, readBytes: 2000 }, 120_000)).toBe(false)
  expect(isAtWork(idle, { cpuMs: 3000, readBytes: 1000 }, 120_000)).toBe(true)
  expect(isAtWork(idle, { cpuMs: 560, readBytes: 20e6 }, 120_000)).toBe(true)
  expect(isAtWork(null, idle, 120_000)).toBe(true)
})

test('what this process has done grows as it computes', () => {
  const before = workOf(process.pid)
  // The system counts in hundredths of a second: computes until it has counted some of this process's own.
  const cpu = process.cpuUsage()
  while (process.cpuUsage(cpu).user < 200_000);
  const after = workOf(process.pid)
  if (process.platform !== 'linux') expect(after).toBeNull()
  else expect((after?.cpuMs ?? 0) - (before?.cpuMs ?? 0)).toBeGreaterThan(0)
})
