import { readdirSync, readFileSync } from 'node:fs'

/** Command lines of all decoders that read from `folder`. */
export function decodersIn(folder: string): string[] {
  return pidsIn(folder).map(commandLine)
}

/** Those that are stopped (state T). */
export function stoppedIn(folder: string): string[] {
  return pidsIn(folder)
    .filter((pid) => /^State:\s+T/m.test(readOf(pid, 'status')))
    .map(commandLine)
}

function pidsIn(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => /ff(mpeg|probe)/.test(commandLine(pid)) && commandLine(pid).includes(folder))
}

function commandLine(pid: string): string {
  return readOf(pid, 'cmdline').replaceAll('\0', ' ')
}

/** Empty if the process has ended. */
function readOf(pid: string, name: 'cmdline' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}

export function openHandles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}
