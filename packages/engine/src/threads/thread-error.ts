import { Fault, type FaultCode, faultTable } from '@kinoprint/core'
import type { ThreadError } from './tasks.ts'

/** In the thread: an error as fields that structured clone keeps. */
export function packError(error: unknown): ThreadError {
  if (error instanceof Fault) return { kind: 'fault', code: error.code, message: error.message }
  if (error instanceof Error) return { kind: 'bug', message: error.message, stack: error.stack ?? '' }
  return { kind: 'bug', message: String(error), stack: '' }
}

/** In the main thread: the error again, a Fault as a Fault. */
export function unpackError(packed: ThreadError): Error {
  if (packed.kind === 'fault' && isFaultCode(packed.code)) return new Fault(packed.code, packed.message)
  const error = new Error(packed.message)
  if (packed.kind === 'bug' && packed.stack !== '') error.stack = packed.stack
  return error
}

function isFaultCode(code: string): code is FaultCode {
  return code in faultTable
}
