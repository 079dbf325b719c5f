import { isActive, meterCpuWait, type ProcessActivity, readActivity } from './process-activity.ts'

export type Watchdog = {
  /** Output arrived. A progress report alone proves little: ffmpeg 7 and newer keep writing them while they hang. */
  readonly sawOutput: (of: 'report' | 'result') => void
  readonly end: () => void
}

export type WatchdogOptions = {
  readonly pid: number
  /** Limit without any output, or with progress reports but no activity. */
  readonly stallMs: number
  /** Limit for the whole run. */
  readonly timeoutMs: number
  /** Called on every check once a limit is exceeded, until `end`. */
  readonly onStall: () => void
  readonly onTimeout: () => void
  /** The activity of the process, and how long it has waited for a CPU. Tests replace both, and the clock. */
  readonly activity?: () => ProcessActivity | null
  readonly cpuWaitMs?: () => number
}

/**
 * A busy process that emits only progress reports may be in an endless loop. It gets this many times the stall limit.
 */
const BUSY_FACTOR = 5
/** At most this many times the stall limit of waiting for a CPU is deducted, so that every process is limited. */
export const MAX_WAIT_FACTOR = 20
const CHECK_INTERVAL_MS = 1000

type Moment = { readonly ms: number; readonly cpuWaitMs: number }

/**
 * Checks every second whether a process still makes progress and is within its time limit. Time that it spent waiting
 * for a CPU on a busy machine does not count towards either limit.
 */
export function startWatchdog({
  pid,
  stallMs,
  timeoutMs,
  onStall,
  onTimeout,
  activity = () => readActivity(pid),
  cpuWaitMs = meterCpuWait(pid),
}: WatchdogOptions): Watchdog {
  const now = (): Moment => ({ ms: performance.now(), cpuWaitMs: cpuWaitMs() })
  const started = now()
  const last = { output: started, result: started, active: started }
  // Whether output arrived since the last check. The CPU wait is read only during checks, because it takes several
  // system calls.
  const arrived: { outputMs: number | null; resultMs: number | null } = { outputMs: null, resultMs: null }
  // The activity of the process when it was last known to be alive, to within one check.
  let noted = { at: started, activity: activity() }

  const noteArrivals = ({ cpuWaitMs }: Moment): void => {
    if (arrived.outputMs !== null) last.output = { ms: arrived.outputMs, cpuWaitMs }
    if (arrived.resultMs !== null) last.result = { ms: arrived.resultMs, cpuWaitMs }
    arrived.outputMs = null
    arrived.resultMs = null
  }
  const elapsedMs = (from: Moment, to: Moment): number => {
    const waitedMs = Math.min(to.cpuWaitMs - from.cpuWaitMs, MAX_WAIT_FACTOR * stallMs)
    return Math.max(0, to.ms - from.ms - waitedMs)
  }
  const isStalled = (at: Moment): boolean => {
    if (elapsedMs(last.output, at) > stallMs || elapsedMs(last.result, at) > BUSY_FACTOR * stallMs)
      return true
    const alive = last.result.ms > last.active.ms ? last.result : last.active
    if (noted.at.ms < alive.ms) noted = { at, activity: activity() }
    else if (elapsedMs(alive, at) > stallMs) {
      if (!isActive(noted.activity, activity(), elapsedMs(noted.at, at))) return true
      last.active = at
    }
    return false
  }
  const check = (): void => {
    const at = now()
    noteArrivals(at)
    if (elapsedMs(started, at) > timeoutMs) onTimeout()
    else if (isStalled(at)) onStall()
  }
  const timer = setInterval(check, Math.min(CHECK_INTERVAL_MS, stallMs, timeoutMs))
  return {
    sawOutput: (of) => {
      arrived.outputMs = performance.now()
      if (of === 'result') arrived.resultMs = arrived.outputMs
    },
    end: () => clearInterval(timer),
  }
}
