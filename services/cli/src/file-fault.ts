import { Fault } from '@kinoprint/core'

/** Messages for operating system errors, each with a remedy. */
const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder. Check the path, or create the folder first',
  EACCES: 'permission denied. Change its permissions, or choose another path',
  EPERM: 'permission denied. Change its permissions, or choose another path',
  EROFS: 'the disk is read-only. Choose another path',
  EISDIR: 'this is a folder, not a file. Name a file',
  ENOTDIR: 'a part of the path is a file, not a folder. Check the path',
  ENOTEMPTY: 'the folder is not empty. Choose another path',
  EEXIST: 'it already exists. Choose another path',
  ENOSPC: 'the disk is full. Free some space and try again',
  EDQUOT: 'the disk quota of this user is used up. Free some space and try again',
  EMFILE: 'too many files are open. Raise the limit (ulimit -n) and try again',
  ENAMETOOLONG: 'the name is too long. Choose a shorter one',
}

/** Errors that a write to an open file has, which do not name it. */
const OF_ANY_FILE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE'])

/** Turns an operating system error for a path into a Fault with a remedy. Returns any other error unchanged. */
export function systemFault(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code = '', path } = error as NodeJS.ErrnoException
  const meaning = meanings[code]
  if (meaning === undefined || (path === undefined && !OF_ANY_FILE.has(code))) return error
  if (path === undefined)
    return new Fault('InvalidArgument', `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`, {
      cause: error,
    })
  return new Fault('InvalidArgument', `${path}: ${meaning}.`, { cause: error })
}

/** The same Fault with the file's name in front of its message. Returns any other error unchanged. */
export function namedFault(name: string, error: unknown): unknown {
  return error instanceof Fault ? new Fault(error.code, `${name}: ${error.message}`, { cause: error }) : error
}
