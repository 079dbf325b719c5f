import { readdirSync, readFileSync } from 'node:fs'

/** Command lines of a process and its children, which Linux shows to every user. */
export function commandLinesOf(pid: number): string[] {
  return [commandLineOf(pid), ...childrenOf(pid)].filter((line) => line !== '')
}

/** Command lines of all descendants of a process. */
export function childrenOf(pid: number): string[] {
  const parents = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const parent = parentOf(name)
    if (parent !== null) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)])
  }
  const found: number[] = []
  for (let level = [pid]; level.length > 0; found.push(...level)) {
    level = level.flatMap((one) => parents.get(one) ?? [])
  }
  return found.map(commandLineOf).filter((line) => line !== '')
}

/** The words of a process's command line, separated by spaces. Empty if the process has ended. */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

function parentOf(name: string): number | null {
  if (!/^\d+$/.test(name)) return null
  try {
    // "pid (name) state parent …", where the name can contain any character.
    const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return Number(fields[1])
  } catch {
    return null
  }
}
