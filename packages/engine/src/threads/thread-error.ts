import { Fault, type FaultCode, faultTable } from '@kinoprint/core'
import type { ThreadError } from './tasks.ts'

const isFaultCode = (code: string): code is FaultCode => code in faultTable

/** Called in the thread: what can cross to the other side by structured clone. */
export const packError = (error: unknown): ThreadError => {
  if (error instanceof Fault) return { kind: 'fault', code: error.code, message: error.message }
  if (error instanceof Error) return { kind: 'bug', message: error.message, stack: error.stack ?? '' }
  return { kind: 'bug', message: String(error), stack: '' }
}

/** Called on the main thread: the same error again, a Fault as a Fault. */
export const unpackError = (packed: ThreadError): Error => {
  if (packed.kind === 'fault' && isFaultCode(packed.code)) return new Fault(packed.code, packed.message)
  const error = new Error(packed.message)
  if (packed.kind === 'bug' && packed.stack !== '') error.stack = packed.stack
  return error
}
