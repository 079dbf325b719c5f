import { Fault } from '@kinoprint/core'

/** Every refusal of an input names what is wrong with it and what would be accepted. */
export const refusal = (wrong: string, remedy: string, cause?: unknown): Fault =>
  new Fault('ResourceNotSupported', `${wrong} ${remedy}`.trim(), cause === undefined ? {} : { cause })

/** What a program wrote last before it gave up, in brackets; empty where it said nothing. */
export const ffmpegSays = (output: unknown): string => {
  const lines = (output instanceof Error ? output.message : String(output)).split('\n')
  // Without the addresses and paths that change from run to run.
  const words = lines.map((line) =>
    line
      .replace(/^\[[^\]]*\]\s*/, '')
      .replace(/^file:.*: /, '')
      .trim(),
  )
  const last = words.filter((line) => line !== '' && !/^ended with /.test(line)).at(-1)
  return last === undefined ? '' : `(ffmpeg: ${last.slice(0, 200)})`
}

export const refuseMemory = (what: string, cause?: unknown): Fault =>
  refusal(`${what} needs more memory than it may have.`, 'Re-encode it with a smaller picture.', cause)

/** Signals that a program brings on itself by what it reads. */
const CRASHES: readonly NodeJS.Signals[] = [
  'SIGSEGV',
  'SIGABRT',
  'SIGFPE',
  'SIGBUS',
  'SIGILL',
  'SIGTRAP',
  'SIGSYS',
]

/** Throws where a signal ended the program: a crash is the input's fault, anything else the machine's. */
export const throwIfKilled = (
  killedBy: NodeJS.Signals | null,
  { program, cause }: { readonly program: string; readonly cause?: unknown },
): void => {
  if (killedBy === null) return
  if (CRASHES.includes(killedBy)) {
    throw refusal(`The decoder crashed on it (${killedBy}).`, 'Re-encode the file.', cause)
  }
  if (killedBy === 'SIGXCPU')
    throw refusal('Decoding exceeded the CPU time limit.', 'Re-encode the file.', cause)
  // The system's own reasons (memory, a stop of the machine) are not the input's fault.
  throw new Fault('ServiceUnavailable', `${program} was ended from outside (${killedBy}).`, { cause })
}
