import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { Fault } from '@kinoprint/contract'

/** Called before a file is decoded: what the system says of it, as what a client is told. */
export const assertReadable = async (path: string): Promise<void> => {
  try {
    await access(path, constants.R_OK)
    if ((await stat(path)).isFile()) return
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'EACCES' || code === 'EPERM') {
      throw new Fault('ResourceAccessDenied', 'The file may not be read.', { cause })
    }
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP') throw cause
    throw new Fault('ResourceNotFound', 'There is no such file.', { cause })
  }
  throw new Fault('ResourceNotSupported', 'This is not a file.')
}
