import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ProcessActivity } from './process-activity.ts'
import { MAX_WAIT_FACTOR, startWatchdog } from './start-watchdog.ts'

const STALL_MS = 120_000
const STALL_SECONDS = STALL_MS / 1000
const TIMEOUT_MS = 100 * STALL_MS

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => void vi.useRealTimers())

/** What a program does in one second. */
type Second = {
  readonly output?: 'report' | 'result'
  readonly cpuMs?: number
  readonly readBytes?: number
  /** CPU wait of all its threads together. */
  readonly cpuWaitMs?: number
}

type Verdict = { readonly reason: 'stalled' | 'timed out'; readonly second: number }

/** Simulates a program second by second until the watchdog reports it; null if it never does. */
function watch(
  { seconds, timeoutMs = TIMEOUT_MS }: { readonly seconds: number; readonly timeoutMs?: number },
  during: (second: number) => Second,
): Verdict | null {
  const done = { cpuMs: 0, readBytes: 0, cpuWaitMs: 0 }
  let reason: Verdict['reason'] | undefined
  const watchdog = startWatchdog({
    pid: 1,
    stallMs: STALL_MS,
    timeoutMs,
    onStall: () => {
      reason ??= 'stalled'
    },
    onTimeout: () => {
      reason ??= 'timed out'
    },
    activity: (): ProcessActivity => ({ cpuMs: done.cpuMs, readBytes: done.readBytes }),
    cpuWaitMs: () => done.cpuWaitMs,
  })
  try {
    for (let second = 1; second <= seconds; second++) {
      const { output, cpuMs = 0, readBytes = 0, cpuWaitMs = 0 } = during(second)
      done.cpuMs += cpuMs
      done.readBytes += readBytes
      done.cpuWaitMs += cpuWaitMs
      if (output !== undefined) watchdog.sawOutput(output)
      vi.advanceTimersByTime(1000)
      if (reason !== undefined) return { reason, second }
    }
    return null
  } finally {
    watchdog.end()
  }
}

describe('the stall limit', () => {
  test('a program that only repeats its progress report has stalled, as ffmpeg 7 and newer do when they hang', {
    tags: ['hostile-video'],
  }, () => {
    const verdict = watch({ seconds: 1_000 }, () => ({ output: 'report' }))
    expect(verdict?.reason).toBe('stalled')
    expect(verdict?.second).toBeGreaterThan(STALL_SECONDS)
    expect(verdict?.second).toBeLessThanOrEqual(2 * STALL_SECONDS)
  })

  test('a program that computes but only reports progress gets five times the stall limit', () => {
    const verdict = watch({ seconds: 2_000 }, () => ({ output: 'report', cpuMs: 900 }))
    expect(verdict?.reason).toBe('stalled')
    expect(verdict?.second).toBeGreaterThan(4 * STALL_SECONDS)
    expect(verdict?.second).toBeLessThanOrEqual(5 * STALL_SECONDS + 1)
  })

  test('a program that reads but only reports progress has not stalled', () => {
    expect(watch({ seconds: 300 }, () => ({ output: 'report', readBytes: 20e6 }))).toBeNull()
  })

  test('a program that computes without any output has stalled', () => {
    const verdict = watch({ seconds: 1_000 }, () => ({ cpuMs: 900 }))
    expect(verdict).toEqual({ reason: 'stalled', second: STALL_SECONDS + 1 })
  })

  test('a program that delivers results has not stalled, however little it computes', () => {
    expect(watch({ seconds: 2_000 }, () => ({ output: 'result' }))).toBeNull()
    expect(watch({ seconds: 2_000 }, (n) => (n % 100 === 0 ? { output: 'result' } : {}))).toBeNull()
  })

  test('nothing is reported after the end of the watch', () => {
    const onStall = vi.fn()
    const options = { pid: 1, stallMs: STALL_MS, timeoutMs: TIMEOUT_MS, onStall, onTimeout: onStall }
    const watchdog = startWatchdog({ ...options, activity: () => null, cpuWaitMs: () => 0 })
    vi.advanceTimersByTime(STALL_MS)
    watchdog.end()
    vi.advanceTimersByTime(2 * TIMEOUT_MS)
    expect(onStall).not.toHaveBeenCalled()
  })
})

describe('a machine short of CPU time', () => {
  /** One second of a program that gets 2 % of a core and waits the rest of the time. */
  const starved = { cpuMs: 20, cpuWaitMs: 980 }

  test('time spent waiting for a CPU does not count as stalled', () => {
    expect(watch({ seconds: 10 * STALL_SECONDS }, () => starved)).toBeNull()
    const sparse = (n: number): Second => (n % 1_000 === 0 ? { ...starved, output: 'result' } : starved)
    expect(watch({ seconds: 5_000 }, sparse)).toBeNull()
  })

  test('2 % of a core counts as activity beside progress reports', () => {
    expect(watch({ seconds: 10 * STALL_SECONDS }, () => ({ ...starved, output: 'report' }))).toBeNull()
  })

  test('a program that stops after it had to wait has stalled once the limit has passed without waiting', () => {
    const verdict = watch({ seconds: 2_000 }, (n) => (n <= 600 ? starved : {}))
    expect(verdict?.reason).toBe('stalled')
    expect(verdict?.second).toBeGreaterThan(600 + 0.9 * STALL_SECONDS)
    expect(verdict?.second).toBeLessThanOrEqual(600 + STALL_SECONDS + 1)
  })

  test('waiting extends the stall limit by at most 20 times its length', () => {
    const verdict = watch({ seconds: 50 * STALL_SECONDS }, () => ({ cpuWaitMs: 1000 }))
    expect(verdict).toEqual({ reason: 'stalled', second: (MAX_WAIT_FACTOR + 1) * STALL_SECONDS + 1 })
  })

  test('many waiting threads extend the limit no further than one', () => {
    const verdict = watch({ seconds: 50 * STALL_SECONDS }, () => ({ cpuWaitMs: 16_000 }))
    expect(verdict?.second).toBe((MAX_WAIT_FACTOR + 1) * STALL_SECONDS + 1)
  })

  test('the time limit of the run does not count waiting either, up to the same maximum', () => {
    const timeoutMs = 60_000
    const busy = watch({ seconds: 100, timeoutMs }, () => ({ output: 'result', cpuMs: 1000 }))
    expect(busy).toEqual({ reason: 'timed out', second: 61 })
    const half = watch({ seconds: 1_000, timeoutMs }, () => ({
      output: 'result',
      cpuMs: 500,
      cpuWaitMs: 500,
    }))
    expect(half).toEqual({ reason: 'timed out', second: 121 })
    const held = watch({ seconds: 9_000, timeoutMs }, () => ({ output: 'result', cpuWaitMs: 1000 }))
    expect(held).toEqual({ reason: 'timed out', second: MAX_WAIT_FACTOR * STALL_SECONDS + 61 })
  })
})
