import { isAtWork, type Work, workOf as workOfProcess } from './work-of.ts'

export type Watchdog = {
  /** A byte came. One of a progress report alone proves little: ffmpeg 7 and newer write on while they do nothing. */
  readonly sawByte: (of: 'report' | 'result') => void
  readonly end: () => void
}

export type WatchdogOptions = {
  readonly pid: number
  /** Milliseconds without any byte, or with nothing but reports and without work. */
  readonly stallMs: number
  /** Called again and again until `end`. */
  readonly onStall: () => void
  /** What the program has done; tests replace it, as they do the clock. */
  readonly workOf?: (pid: number) => Work | null
}

/** However busy it is, this many times as long with nothing but reports is too long: it may compute in a circle. */
const BUSY_FACTOR = 5

/** Watches whether a program goes on. */
export const startWatchdog = ({
  pid,
  stallMs,
  onStall,
  workOf = workOfProcess,
}: WatchdogOptions): Watchdog => {
  const began = performance.now()
  const last = { byte: began, result: began, work: began }
  // What it had done when it was last known to be alive, to within one round.
  let noted: { readonly atMs: number; readonly work: Work | null } = { atMs: began, work: workOf(pid) }
  const isStalled = (nowMs: number): boolean => {
    if (nowMs - last.byte > stallMs || nowMs - last.result > BUSY_FACTOR * stallMs) return true
    const aliveMs = Math.max(last.result, last.work)
    if (noted.atMs < aliveMs) noted = { atMs: nowMs, work: workOf(pid) }
    else if (nowMs - aliveMs > stallMs) return !goesOn(nowMs)
    return false
  }
  const goesOn = (nowMs: number): boolean => {
    if (!isAtWork(noted.work, workOf(pid), nowMs - noted.atMs)) return false
    last.work = nowMs
    return true
  }
  const timer = setInterval(
    () => {
      if (isStalled(performance.now())) onStall()
    },
    Math.min(1000, stallMs),
  )
  return {
    sawByte: (of) => {
      last.byte = performance.now()
      if (of === 'result') last.result = last.byte
    },
    end: () => clearInterval(timer),
  }
}
