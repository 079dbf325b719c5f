import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrorCode } from './object-faults.ts'

/** A folder that was opened by its name, and stays the same folder whatever that name leads to afterwards. */
export type RealFolder = {
  /** Path of an entry in exactly this folder. */
  readonly at: (name: string) => string
  /** Names of its entries. */
  readonly names: () => Promise<string[]>
  readonly close: () => Promise<void>
}

/** Linux names an open folder by its descriptor, so that nobody can put a link in its place between check and use. */
export const hasDescriptorPaths = process.platform === 'linux'

/** Deeper folders are none of ours: a still's folder holds one folder, an upload's holds files. */
const MAX_DEPTH = 8

/** Undefined where there is no folder of this name, or a link stands in its place. */
export const openRealFolder = async (path: string): Promise<RealFolder | undefined> => {
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

/** Whether a folder itself stands at this path, and no link to one. */
export const isRealFolder = async (path: string): Promise<boolean> =>
  lstat(path).then(
    (state) => state.isDirectory(),
    () => false,
  )

/** Removes an entry of a folder with all that is in it. Links are removed, never followed. */
export const removeEntry = async (folder: RealFolder, name: string, depth = 0): Promise<void> => {
  try {
    await unlink(folder.at(name))
    return
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return
    // What unlink says of a folder: EISDIR on Linux, EPERM elsewhere.
    if (!isErrorCode(error, 'EISDIR', 'EPERM') || depth === MAX_DEPTH) throw error
  }
  const inner = await openRealFolder(folder.at(name))
  if (inner === undefined) return
  try {
    for (const each of await inner.names()) await removeEntry(inner, each, depth + 1)
  } finally {
    await inner.close()
  }
  await rmdir(folder.at(name))
}
