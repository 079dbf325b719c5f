import { readFileSync } from 'node:fs'

/** Linux reports CPU time in hundredths of a second on every machine. */
const TICKS_PER_SECOND = 100

/** The fields of /proc/PID/stat starting with the third, after the program name, which may contain any character. */
function fieldsOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
}

/** User and system CPU time of a process and its ended children, in seconds. */
export function cpuSecondsOf(pid: number): number {
  const [user, system, childUser, childSystem] = fieldsOf(pid).slice(11, 15).map(Number)
  return (
    [user, system, childUser, childSystem].reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0) /
    TICKS_PER_SECOND
  )
}

/** The same, including running children such as PostgreSQL's backends. */
export function cpuSecondsOfTree(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number)
  return children.filter(Boolean).reduce((sum, child) => sum + cpuSecondsOf(child), cpuSecondsOf(pid))
}

export function parentOf(pid: number): number {
  return Number(fieldsOf(pid)[1])
}

/** Peak memory of a process without its children, in MB. */
export function peakMegabytesOf(pid: number): number {
  const kibibytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(kibibytes) * 1024) / 1e6
}
