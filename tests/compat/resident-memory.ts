import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const SETTLED = 0.01
const READINGS = 3
const READINGS_MAX = 60
const PAUSE_MS = 250

/** Resident memory of a process in KiB. */
function residentKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])
}

/**
 * Resident memory in KiB once it is stable: collects garbage before each reading, until three readings in a row differ
 * by at most 1 %. Returns the last reading if memory does not settle.
 */
export async function settledMemoryKib(pid: number): Promise<number> {
  const readings: number[] = []
  for (let n = 0; n < READINGS_MAX; n++) {
    process.kill(pid, 'SIGUSR2')
    await delay(PAUSE_MS)
    readings.push(residentKib(pid))
    const latest = readings.slice(-READINGS)
    const spread = Math.max(...latest) / Math.min(...latest) - 1
    if (latest.length === READINGS && spread < SETTLED) break
  }
  return readings.at(-1) ?? Number.NaN
}
