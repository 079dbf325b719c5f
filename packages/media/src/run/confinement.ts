import { spawn } from 'node:child_process'
import type { Stats } from 'node:fs'
import { type Confinement, limitedCommand, TOOL_FILE_BYTES, TOOL_MEMORY_BYTES } from './program-limits.ts'

/** What tells whether a program can be run in a confinement: it is looked for there, and not run. */
const CHECK = ['-c', 'path=$(command -v -- "$1") && [ -x "$path" ]', 'sh']
const CHECK_LIMITS = { memoryBytes: TOOL_MEMORY_BYTES, cpuSeconds: 10, fileBytes: TOOL_FILE_BYTES }

const known = new Map<string, Promise<boolean>>()

/**
 * How far a program that reads a stranger's file is kept from what the server may do: as a user of its own where the
 * server runs as root, else in a user namespace of its own, from which it can read neither memory nor environment of
 * the server and of other decoders. `none` where the system allows neither, as in most containers.
 */
export const confinementFor = async (program: string, input: Stats): Promise<Confinement> => {
  if (process.platform !== 'linux') return 'none'
  const isRoot = process.geteuid?.() === 0
  const readableByAll = (input.mode & 0o004) !== 0
  if (isRoot && readableByAll && (await works(program, 'user'))) return 'user'
  // In a namespace of its own even root may open only what its owner, group or everybody may.
  const readable = readableByAll || input.uid === process.geteuid?.()
  return readable && (await works(program, 'namespace')) ? 'namespace' : 'none'
}

const works = (program: string, confinement: Confinement): Promise<boolean> => {
  const key = `${confinement} ${program}`
  const found = known.get(key) ?? check(program, confinement)
  known.set(key, found)
  return found
}

const check = (program: string, confinement: Confinement): Promise<boolean> =>
  new Promise((resolve) => {
    const command = limitedCommand(
      { program: '/bin/sh', args: [...CHECK, program] },
      { ...CHECK_LIMITS, confinement },
    )
    const child = spawn(command.program, command.args, { stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('close', (exit) => resolve(exit === 0))
  })
