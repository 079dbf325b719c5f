import { Fault } from '@kinoprint/core'
import { systemFault } from './file-fault.ts'
import { visibleLines } from './output/visible.ts'

/** Exit code after a wrong option, argument or path. */
export const USAGE = 2
const FAILED = 1

/** Prints an expected failure as its message, which includes a remedy. Any other error is a bug and needs its stack. */
export function printFailure(error: unknown): void {
  const failure = systemFault(error)
  const text =
    failure instanceof Fault
      ? visibleLines(failure.message)
      : failure instanceof Error
        ? failure.stack
        : String(failure)
  process.stderr.write(`${text}\n`)
}

/** The exit code of a command that failed. */
export function exitCodeOf(error: unknown): number {
  const failure = systemFault(error)
  return failure instanceof Fault && failure.code === 'InvalidArgument' ? USAGE : FAILED
}
