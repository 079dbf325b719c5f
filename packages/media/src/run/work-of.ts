import { readFileSync } from 'node:fs'

/** What a process has done so far, all its threads together. */
export type Work = {
  /** Milliseconds of processor time, in steps of 10. */
  readonly cpuMs: number
  /** Bytes that it has asked the system for. */
  readonly readBytes: number
}

/** Linux counts in this unit towards programs, whatever its own clock does (USER_HZ). */
const TICKS_PER_SECOND = 100

/** Null where the system does not tell (anything but Linux), or the process is gone. */
export const workOf = (pid: number): Work | null => {
  try {
    // "pid (name) state …", where the name may hold anything; utime and stime are the 14th and 15th field (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    const [, readBytes] = /^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8')) ?? []
    const ticks = Number(fields[11]) + Number(fields[12])
    return { cpuMs: (1000 * ticks) / TICKS_PER_SECOND, readBytes: Number(readBytes) }
  } catch {
    return null
  }
}

/** A program that only waits and now and then says so needs a hundredth of this. */
const LEAST_CPU_SHARE = 0.01
/** Counted in steps, so that a short time may hold a step too many. */
const CPU_GRAIN_MS = 50
const LEAST_READ_PER_MS = 100

/** Whether it did anything worth the name in `ms` between the two. What the system does not tell counts as work. */
export const isAtWork = (from: Work | null, to: Work | null, ms: number): boolean => {
  if (from === null || to === null) return true
  const hasComputed = to.cpuMs - from.cpuMs > LEAST_CPU_SHARE * ms + CPU_GRAIN_MS
  return hasComputed || to.readBytes - from.readBytes > LEAST_READ_PER_MS * ms
}
