import { Fault } from '@kinoprint/core'

/** The same failure with the file's name before it; what is no Fault is a bug and stays as it is. */
export const namedFault = (name: string, error: unknown): unknown =>
  error instanceof Fault ? new Fault(error.code, `${name}: ${error.message}`, { cause: error }) : error
