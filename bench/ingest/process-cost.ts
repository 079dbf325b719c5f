import { readFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const TICKS_PER_SECOND = 100

/** What /proc/PID/stat says behind the program's name, which may hold anything: fields from the third on. */
const fieldsOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []

/** Processor time, user and system, of a process and of all its children that have ended. Seconds. */
export function cpuSecondsOf(pid: number): number {
  const [user, system, childUser, childSystem] = fieldsOf(pid).slice(11, 15).map(Number)
  return (
    [user, system, childUser, childSystem].reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0) /
    TICKS_PER_SECOND
  )
}

/** The same, and that of its children which still run, such as PostgreSQL's for its clients. */
export function cpuSecondsOfTree(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number)
  return children.filter(Boolean).reduce((sum, child) => sum + cpuSecondsOf(child), cpuSecondsOf(pid))
}

export const parentOf = (pid: number): number => Number(fieldsOf(pid)[1])

/** The most memory that a process has held so far, without its children. MB. */
export function peakMegabytesOf(pid: number): number {
  const kibibytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(kibibytes) * 1024) / 1e6
}
