import { readdirSync, readFileSync } from 'node:fs'

/** Decoders that read from `folder`, whoever started them: their command lines. */
export function decodersIn(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine)
    .filter((command) => /ff(mpeg|probe)/.test(command) && command.includes(folder))
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
