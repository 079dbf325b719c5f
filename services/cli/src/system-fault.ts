import { Fault } from '@kinoprint/core'

/** What the errors of the operating system mean to whoever typed the command, and what to do about them. */
const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder. Check the path, or create the folder first',
  EACCES: 'this user has no permission for it. Change its permissions, or choose another path',
  EPERM: 'this user has no permission for it. Change its permissions, or choose another path',
  EROFS: 'the disk is read-only. Choose another path',
  EISDIR: 'it is a folder, not a file. Name a file',
  ENOTDIR: 'a part of the path is a file, not a folder. Check the path',
  ENOTEMPTY: 'the folder is not empty. Choose another path',
  EEXIST: 'it exists already. Choose another path',
  ENOSPC: 'the disk is full. Free some space and try again',
  EDQUOT: "this user's disk quota is used up. Free some space and try again",
  EMFILE: 'too many files are open. Raise the limit (ulimit -n) and try again',
  ENAMETOOLONG: 'the name is too long. Choose a shorter one',
}

/**
 * An error of the operating system about a path, as a Fault in words; anything else as it is. A wrong path is a
 * user's mistake, and a stack says nothing about it.
 */
export function systemFault(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code, path } = error as NodeJS.ErrnoException
  const meaning = meanings[code ?? '']
  if (path === undefined || meaning === undefined) return error
  return new Fault('InvalidArgument', `${path}: ${meaning}.`, { cause: error })
}
