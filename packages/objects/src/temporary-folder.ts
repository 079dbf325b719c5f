import { randomUUID } from 'node:crypto'
import { lstat, mkdir, rmdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { type FolderHandle, isFolder, openFolderHandle, removeEntry } from './folder-handle.ts'
import { hasErrorCode } from './object-faults.ts'

/** After this long, the file of a process that cannot be checked from here (on another machine) counts as abandoned. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000
const STARTED = Math.round(performance.timeOrigin).toString(36)
/**
 * Process ids are reused, in containers at every start. The start time distinguishes this process from an earlier one.
 */
const OWN_NAME = `${hostname().replaceAll('~', '-')}~${process.pid}~${STARTED}`

/** Matches the `OWN_NAME` of any process. Entries with other names are left alone. */
const OWNER_NAME = /^[^~]+~[1-9]\d*~[0-9a-z]+$/
/** Matches the file names that newTemporaryPath makes. */
export const TEMPORARY_NAME = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Returns a new path in this process's own subfolder of `folder`, and creates both folders. Throws Fault
 * ServiceUnavailable if either is a link.
 */
export async function newTemporaryPath(folder: string): Promise<string> {
  const ownFolder = join(folder, OWN_NAME)
  for (const path of [folder, ownFolder]) {
    await mkdir(path, { recursive: true, mode: 0o700 })
    if (await isFolder(path)) continue
    const message =
      'The folder for temporary files is a link. Remove the link; the server creates the folder.'
    throw new Fault('ServiceUnavailable', message)
  }
  return join(ownFolder, randomUUID())
}

export type SweepOptions = {
  /** Only files with such names are removed. */
  readonly only?: RegExp
}

/**
 * Removes files in the subfolders of processes that have ended, and returns their number. Follows no link, and skips
 * names that no server process creates.
 */
export async function sweepTemporaryFolder(path: string, { only }: SweepOptions = {}): Promise<number> {
  const folder = await openFolderHandle(path)
  if (folder === undefined) return 0
  try {
    let removed = 0
    for (const owner of await folder.names()) {
      if (owner === OWN_NAME || !OWNER_NAME.test(owner)) continue
      removed += await sweepOwner(folder, owner, only)
      // A running process is about to use its folder, even if it is empty.
      if (hasEnded(owner) || (await isOld(folder.at(owner))))
        await rmdir(folder.at(owner)).catch(() => undefined)
    }
    return removed
  } finally {
    await folder.close()
  }
}

async function sweepOwner(parent: FolderHandle, owner: string, only: RegExp | undefined): Promise<number> {
  const folder = await openFolderHandle(parent.at(owner))
  if (folder === undefined) return 0
  const isAbandoned = hasEnded(owner)
  try {
    let removed = 0
    for (const name of await folder.names()) {
      if (only?.test(name) === false) continue
      if (!isAbandoned && !(await isOld(folder.at(name)))) continue
      await removeEntry(folder, name)
      removed += 1
    }
    return removed
  } finally {
    await folder.close()
  }
}

/** Removes this process's own subfolder if it is empty. */
export async function closeTemporaryFolder(path: string): Promise<void> {
  const folder = await openFolderHandle(path)
  if (folder === undefined) return
  await rmdir(folder.at(OWN_NAME)).catch(() => undefined)
  await folder.close()
}

function hasEnded(owner: string): boolean {
  const [host, pid] = owner.split('~')
  if (host !== hostname().replaceAll('~', '-')) return false
  const number = Number(pid)
  if (!Number.isInteger(number) || number <= 0) return false
  return number === process.pid || !isAlive(number)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasErrorCode(error, 'EPERM')
  }
}

async function isOld(path: string): Promise<boolean> {
  const state = await lstat(path).catch(() => undefined)
  return state !== undefined && Date.now() - state.mtimeMs > MAX_AGE_MS
}
