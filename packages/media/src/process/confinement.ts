import { spawn } from 'node:child_process'
import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type Confinement, limitedCommand, TOOL_FILE_BYTES, TOOL_MEMORY_BYTES } from './program-limits.ts'

/** Looks a program up without running it: shows whether it could run under a confinement. */
const CHECK = ['-c', 'path=$(command -v -- "$1") && [ -x "$path" ] && [ -r "$2" ]', 'sh']
const CHECK_LIMITS = { memoryBytes: TOOL_MEMORY_BYTES, cpuSeconds: 10, fileBytes: TOOL_FILE_BYTES }

const knownResults = new Map<string, Promise<boolean>>()

/**
 * The strongest confinement that the system allows for a program that reads an untrusted file. As root: another user.
 * Otherwise: a user namespace, from which the program cannot read the memory or environment of the server or of other
 * decoders. `none` if neither works, as in most containers.
 *
 * @param library A file that the program must be able to read, besides the input.
 */
export async function confinementFor(
  program: string,
  input: Pick<Stats, 'mode' | 'uid'>,
  library?: string,
): Promise<Confinement> {
  if (process.platform !== 'linux') return 'none'
  const isRoot = process.geteuid?.() === 0
  const isWorldReadable = (input.mode & 0o004) !== 0
  if (isRoot && isWorldReadable && (await isAvailable('user', program, library))) return 'user'
  // Inside a namespace, even root can open only files that its owner, group or everyone may read.
  const isReadable = isWorldReadable || input.uid === process.geteuid?.()
  return isReadable && (await isAvailable('namespace', program, library)) ? 'namespace' : 'none'
}

/** The same for a file that every user may read, as most videos are. Shows at startup what the system allows. */
export async function usualConfinement(program: string): Promise<Confinement> {
  return confinementFor(program, await stat(process.execPath))
}

function isAvailable(confinement: Confinement, program: string, library = '/'): Promise<boolean> {
  const key = `${confinement} ${program} ${library}`
  const result = knownResults.get(key) ?? check(confinement, program, library)
  knownResults.set(key, result)
  return result
}

function check(confinement: Confinement, program: string, library: string): Promise<boolean> {
  return new Promise((resolve) => {
    const command = limitedCommand(
      { program: '/bin/sh', args: [...CHECK, program, library] },
      { ...CHECK_LIMITS, confinement },
    )
    const child = spawn(command.program, command.args, { stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('close', (exit) => resolve(exit === 0))
  })
}
