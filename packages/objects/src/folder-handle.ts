import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { hasErrorCode } from './object-faults.ts'

/** An open folder, which stays the same folder even if its path is replaced by a link. */
export type FolderHandle = {
  /** Path of an entry in this folder. */
  readonly at: (name: string) => string
  /** Names of its entries. */
  readonly names: () => Promise<string[]>
  readonly close: () => Promise<void>
}

/** On Linux an open folder has a path by its descriptor, so no link can replace it between check and use. */
export const hasDescriptorPaths = process.platform === 'linux'

/** Temporary folders are at most two levels deep. The server did not create deeper ones. */
const MAX_DEPTH = 8

/** Undefined if the path is not a folder, or is a link. */
export async function openFolderHandle(path: string): Promise<FolderHandle | undefined> {
  let handle: FileHandle
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  } catch {
    return undefined
  }
  const base = hasDescriptorPaths ? `/proc/self/fd/${handle.fd}` : path
  return {
    at: (name) => join(base, name),
    names: () => readdir(base).catch(() => []),
    close: () => handle.close(),
  }
}

/** Whether the path is itself a folder, not a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (state) => state.isDirectory(),
    () => false,
  )
}

/** Removes an entry of a folder recursively. Links are removed, never followed. */
export async function removeEntry(folder: FolderHandle, name: string, depth = 0): Promise<void> {
  try {
    await unlink(folder.at(name))
    return
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return
    // unlink fails with EISDIR for a folder on Linux, with EPERM elsewhere.
    if (!hasErrorCode(error, 'EISDIR', 'EPERM') || depth === MAX_DEPTH) throw error
  }
  const inner = await openFolderHandle(folder.at(name))
  if (inner === undefined) return
  try {
    for (const each of await inner.names()) await removeEntry(inner, each, depth + 1)
  } finally {
    await inner.close()
  }
  await rmdir(folder.at(name))
}
