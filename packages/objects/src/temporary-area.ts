import { randomUUID } from 'node:crypto'
import { lstat, mkdir, rmdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { isRealFolder, openRealFolder, type RealFolder, removeEntry } from './real-folder.ts'

/** A file of a process whose end cannot be seen from here (another machine's, say) is dead after so long. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000
const STARTED = Math.round(performance.timeOrigin).toString(36)
/** Process ids come again, in containers at every start: the start time tells this process from the one before. */
const OWN_NAME = `${hostname().replaceAll('~', '-')}~${process.pid}~${STARTED}`

/** What `OWN_NAME` looks like of any process: an entry of another name is none of ours and stays. */
const OWNER_NAME = /^[^~]+~[1-9]\d*~[0-9a-z]+$/
/** Names of the files, which `newTemporaryPath` makes. */
export const TEMPORARY_NAME = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A new path in this process's own folder under `area`; the folder is made. Throws where a link stands in for either. */
export const newTemporaryPath = async (area: string): Promise<string> => {
  const folder = join(area, OWN_NAME)
  for (const path of [area, folder]) {
    await mkdir(path, { recursive: true, mode: 0o700 })
    if (await isRealFolder(path)) continue
    const message = 'The folder for temporary files is a link. Remove the link; the server makes the folder.'
    throw new Fault('ServiceUnavailable', message)
  }
  return join(folder, randomUUID())
}

export type SweepOptions = {
  /** Only files of such names are removed. */
  readonly only?: RegExp
}

/**
 * Removes the files under `area` whose processes have ended. Answers how many. Nothing outside is touched: the area and
 * the folders in it must be folders themselves, links are not followed, and names that no process made are left alone.
 */
export const sweepTemporaryFolder = async (area: string, { only }: SweepOptions = {}): Promise<number> => {
  const root = await openRealFolder(area)
  if (root === undefined) return 0
  try {
    let removed = 0
    for (const owner of await root.names()) {
      if (owner === OWN_NAME || !OWNER_NAME.test(owner)) continue
      removed += await sweepOwner(root, owner, only)
      // Fails while a file of a living process is in it, which is right.
      await rmdir(root.at(owner)).catch(() => undefined)
    }
    return removed
  } finally {
    await root.close()
  }
}

const sweepOwner = async (root: RealFolder, owner: string, only: RegExp | undefined): Promise<number> => {
  const folder = await openRealFolder(root.at(owner))
  if (folder === undefined) return 0
  const dead = hasEnded(owner)
  try {
    let removed = 0
    for (const name of await folder.names()) {
      if (only?.test(name) === false) continue
      if (!dead && !(await isOld(folder.at(name)))) continue
      await removeEntry(folder, name)
      removed += 1
    }
    return removed
  } finally {
    await folder.close()
  }
}

/** Removes this process's own folder, which must be empty by then. */
export const closeTemporaryArea = async (area: string): Promise<void> => {
  const root = await openRealFolder(area)
  if (root === undefined) return
  await rmdir(root.at(OWN_NAME)).catch(() => undefined)
  await root.close()
}

const hasEnded = (owner: string): boolean => {
  const [host, pid] = owner.split('~')
  if (host !== hostname().replaceAll('~', '-')) return false
  const number = Number(pid)
  if (!Number.isInteger(number) || number <= 0) return false
  return number === process.pid || !isAlive(number)
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const isOld = async (path: string): Promise<boolean> => {
  const state = await lstat(path).catch(() => undefined)
  return state !== undefined && Date.now() - state.mtimeMs > MAX_AGE_MS
}
