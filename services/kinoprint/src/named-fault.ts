import { Fault } from '@kinoprint/contract'

/** The same failure with the file's name before it; a file that the system cannot open is a fault too. */
export const namedFault = (name: string, error: unknown): unknown => {
  if (error instanceof Fault) return new Fault(error.code, `${name}: ${error.message}`, { cause: error })
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT')
    return new Fault('ResourceNotFound', `${name}: there is no such file.`, { cause: error })
  if (code === 'EACCES' || code === 'EPERM') {
    return new Fault('ResourceAccessDenied', `${name}: the file may not be read.`, { cause: error })
  }
  if (code === 'EISDIR')
    return new Fault('ResourceNotSupported', `${name}: this is a folder.`, { cause: error })
  return error
}
