import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** A file of a process whose end cannot be seen from here (another machine's, say) is dead after so long. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000
const STARTED = Math.round(performance.timeOrigin).toString(36)
/** Process ids come again, in containers at every start: the start time tells this process from the one before. */
const OWN_NAME = `${hostname().replaceAll('~', '-')}~${process.pid}~${STARTED}`

/** A new path in this process's own folder under `area`; the folder is made. */
export const newTemporaryPath = async (area: string): Promise<string> => {
  const folder = join(area, OWN_NAME)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return join(folder, randomUUID())
}

/** Removes the files under `area` whose processes have ended. Answers how many. */
export const sweepTemporaryArea = async (area: string): Promise<number> => {
  let removed = 0
  for (const owner of await namesIn(area)) {
    if (owner === OWN_NAME) continue
    const folder = join(area, owner)
    const dead = hasEnded(owner)
    for (const name of await namesIn(folder)) {
      const path = join(folder, name)
      if (!dead && !(await isOld(path))) continue
      await rm(path, { force: true, recursive: true })
      removed += 1
    }
    // Fails while a file of a living process is in it, which is right.
    await rmdir(folder).catch(() => undefined)
  }
  return removed
}

/** Removes this process's own folder, which must be empty by then. */
export const closeTemporaryArea = async (area: string): Promise<void> => {
  await rmdir(join(area, OWN_NAME)).catch(() => undefined)
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
  const state = await stat(path).catch(() => undefined)
  return state !== undefined && Date.now() - state.mtimeMs > MAX_AGE_MS
}

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}
