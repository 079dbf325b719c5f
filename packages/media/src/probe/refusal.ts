import { Fault } from '@kinoprint/contract'

/** Every refusal of an input names what is wrong with it and what would be accepted. */
export const refusal = (wrong: string, remedy: string, cause?: unknown): Fault =>
  new Fault('ResourceNotSupported', `${wrong} ${remedy}`, cause === undefined ? {} : { cause })

/** The last line that a program wrote before it gave up, without the addresses that change from run to run. */
export const lastWords = (stderr: string): string => {
  const lines = stderr.split('\n').map((line) => line.replace(/^\[[^\]]*\]\s*/, '').trim())
  const last = lines.filter((line) => line !== '').at(-1) ?? 'no reason given'
  return last.replace(/^file:.*: /, '').slice(0, 200)
}

export const refuseMemory = (what: string, cause?: unknown): Fault =>
  refusal(`${what} needs more memory than it may have.`, 'Write the file anew, with smaller pictures.', cause)

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
    throw refusal(`The decoder crashed on it (${killedBy}).`, 'Write the file anew.', cause)
  }
  if (killedBy === 'SIGXCPU')
    throw refusal('The decoder needed too much time for it.', 'Write the file anew.', cause)
  // The system's own reasons (memory, a stop of the machine) are not the input's fault.
  throw new Fault('ServiceUnavailable', `${program} was ended from outside (${killedBy}).`, { cause })
}
