import { Fault } from '@kinoprint/core'

/** Fault ResourceNotSupported: what is wrong with the input, and what would be accepted. */
export function refusal(problem: string, remedy: string, cause?: unknown): Fault {
  return new Fault(
    'ResourceNotSupported',
    `${problem} ${remedy}`.trim(),
    cause === undefined ? {} : { cause },
  )
}

/** The last line that a program printed before it failed, in brackets; empty if it printed nothing. */
export function ffmpegMessage(output: unknown): string {
  const lines = (output instanceof Error ? output.message : String(output)).split('\n')
  // Without the addresses and paths that differ from run to run.
  const texts = lines.map((line) =>
    line
      .replace(/^\[[^\]]*\]\s*/, '')
      .replace(/^file:.*: /, '')
      .trim(),
  )
  const last = texts.filter((line) => line !== '' && !/^ended with /.test(line)).at(-1)
  return last === undefined ? '' : `(ffmpeg: ${last.slice(0, 200)})`
}

/** @param what Subject of the sentence, e.g. `Decoding the video`. */
export function outOfMemory(what: string, cause?: unknown): Fault {
  return refusal(`${what} exceeded the memory limit.`, 'Re-encode it with a smaller picture.', cause)
}

/** Signals that the input can cause a program to receive. */
const CRASHES: readonly NodeJS.Signals[] = [
  'SIGSEGV',
  'SIGABRT',
  'SIGFPE',
  'SIGBUS',
  'SIGILL',
  'SIGTRAP',
  'SIGSYS',
]

/** Throws if a signal ended the program: a crash is blamed on the input, any other signal on the machine. */
export function throwIfKilled(
  killedBy: NodeJS.Signals | null,
  { program, cause }: { readonly program: string; readonly cause?: unknown },
): void {
  if (killedBy === null) return
  if (CRASHES.includes(killedBy)) {
    throw refusal(`The decoder crashed on the file (${killedBy}).`, 'Re-encode the file.', cause)
  }
  if (killedBy === 'SIGXCPU') {
    throw refusal('Decoding exceeded the CPU time limit.', 'Re-encode the file.', cause)
  }
  // The system's own reasons (memory, shutdown) are not the input's fault.
  throw new Fault('ServiceUnavailable', `${program} was killed by the system (${killedBy}).`, { cause })
}
