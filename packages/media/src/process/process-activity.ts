import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Resources that a process has used since it started, over all its threads. */
export type ProcessActivity = {
  /** Milliseconds of CPU time, in steps of 10. */
  readonly cpuMs: number
  /** Bytes requested from the system, whether they came from a disk, a cache or a pipe. */
  readonly readBytes: number
}

/** Linux reports CPU time to programs in this unit, independent of its own clock rate (USER_HZ). */
const TICKS_PER_SECOND = 100

/** Null if the system does not report it (anything but Linux) or the process has gone. */
export function readActivity(pid: number): ProcessActivity | null {
  try {
    // "pid (name) state …", where the name may contain anything; utime and stime are fields 14 and 15 (proc(5)).
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

/** A program that only waits and reports occasionally needs a hundredth of this. */
const MIN_CPU_SHARE = 0.01
/** CPU time is reported in steps, so a short interval may include one step too many. */
const CPU_TOLERANCE_MS = 50
const MIN_READ_BYTES_PER_MS = 100

/** Whether a process computed or read between two readings, `ms` apart. An unknown reading counts as active. */
export function isActive(from: ProcessActivity | null, to: ProcessActivity | null, ms: number): boolean {
  if (from === null || to === null) return true
  const hasComputed = to.cpuMs - from.cpuMs > MIN_CPU_SHARE * ms + CPU_TOLERANCE_MS
  return hasComputed || to.readBytes - from.readBytes > MIN_READ_BYTES_PER_MS * ms
}

const NS_PER_MS = 1e6

/**
 * Measures how long the threads of a process were ready to run but waited for a CPU: the second field of
 * `/proc/PID/task/TID/schedstat` (kernel documentation, scheduler/sched-stats). Each call returns the milliseconds
 * since the first call, or 0 if the system does not report them. The wait of a thread that has ended still counts.
 */
export function meterCpuWait(pid: number, procDir = '/proc'): () => number {
  const tasksDir = join(procDir, String(pid), 'task')
  const knownNs = new Map<string, number>()
  let totalNs = 0
  const read = (): number => {
    for (const [thread, waitedNs] of readCpuWaits(tasksDir)) {
      totalNs += Math.max(0, waitedNs - (knownNs.get(thread) ?? 0))
      knownNs.set(thread, waitedNs)
    }
    return totalNs / NS_PER_MS
  }
  const startMs = read()
  return () => read() - startMs
}

function readCpuWaits(tasksDir: string): [thread: string, waitedNs: number][] {
  try {
    return readdirSync(tasksDir).flatMap((thread) => {
      const waitedNs = readCpuWait(join(tasksDir, thread, 'schedstat'))
      return waitedNs === null ? [] : [[thread, waitedNs]]
    })
  } catch {
    return []
  }
}

function readCpuWait(path: string): number | null {
  try {
    const waitedNs = Number(readFileSync(path, 'utf8').split(' ')[1])
    return Number.isFinite(waitedNs) ? waitedNs : null
  } catch {
    // The thread has ended since the folder was listed, or the kernel keeps no such statistics.
    return null
  }
}

/**
 * Lowers the priority of a process that leads a session of its own. If Linux schedules by session, a thread's own nice
 * value counts only within its session (autogroup, usual outside containers): without this, two decoders took two
 * thirds of the cores from the server that answers requests. Measured on two cores with two jobs: with 19, 99 of 100
 * status requests took at most 17 to 20 ms instead of 26 to 35 with the embedded database, and 16 to 17 instead of 45
 * to 71 on servers (15: 19 to 20, 10: 31 to 38), and as many jobs ended. Source: sched(7), "The autogroup feature".
 */
export function lowerPriority(pid: number, nice: number): void {
  if (nice === 0) return
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(nice))
  } catch {
    // Not Linux, or the program has already ended. Users other than root may change it once every 100 ms.
  }
}
