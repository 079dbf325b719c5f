import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, rename, rm, stat, unlink, utimes } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { errorCode, Fault } from '@kinoprint/core'
import type { CollectionFile } from '@kinoprint/engine'
import { systemFault } from '../file-fault.ts'
import type { FoundFile } from './collect-files.ts'

/** A spare file, and the one that stays. */
export type Spare = {
  readonly file: CollectionFile
  readonly keep: CollectionFile
  /** Both as they were when they were read. */
  readonly found: FoundFile
  readonly keepFound: FoundFile
}

/** What was done, or why not. */
export type Outcome = { readonly done: boolean; readonly text: string }

type Options = { readonly dryRun: boolean; readonly signal: AbortSignal }

/**
 * Moves a spare file below a folder, where it keeps its path below its own folder. Nothing is overwritten: a taken name
 * gets a number. To another file system, the file is copied, the copy compared, and then the file removed.
 */
export async function moveSpare(spare: Spare, target: string, { dryRun, signal }: Options): Promise<Outcome> {
  const { file, keep, found } = spare
  const wanted = join(target, found.name)
  return attempt(file.path, signal, async () => {
    await requireUnchanged(spare)
    if (dryRun) return `would move ${file.path} to ${wanted}, a copy of ${keep.path}`
    await mkdir(dirname(wanted), { recursive: true })
    const free = await reserve(wanted)
    try {
      await renameOrCopy(file.path, free, signal)
    } catch (error) {
      await rm(free, { force: true })
      throw error
    }
    return `moved ${file.path} to ${free}, a copy of ${keep.path}`
  })
}

/** Replaces a spare file by a hard link to the file that stays, if both have the same bytes and the same owner and mode. */
export async function linkSpare(spare: Spare, { dryRun, signal }: Options): Promise<Outcome> {
  const { file, keep, found, keepFound } = spare
  return attempt(file.path, signal, async () => {
    if (file.content !== keep.content) return refuse('it does not have the same bytes')
    if (found.stats.dev !== keepFound.stats.dev)
      return refuse(
        `it is on another file system than ${keep.path}, so it cannot be a hard link to it. Use --move-to`,
      )
    const { uid, gid, mode } = found.stats
    if (uid !== keepFound.stats.uid || gid !== keepFound.stats.gid || mode !== keepFound.stats.mode)
      return refuse('its owner or permissions differ')
    await requireUnchanged(spare)
    if (!(await haveEqualBytes(file.path, keep.path, signal)))
      return refuse('it does not have the same bytes')
    if (dryRun) return `would make ${file.path} a hard link to ${keep.path}`
    const draft = `${file.path}.kinoprint-link`
    await link(keep.path, draft).catch((error: unknown) => {
      if (NO_LINKS.includes(errorCode(error)))
        refuse(`its file system allows no hard link to ${keep.path}. Use --move-to`)
      throw error
    })
    try {
      await requireUnchanged(spare)
      await rename(draft, file.path)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
    return `made ${file.path} a hard link to ${keep.path}`
  })
}

function refuse(reason: string): never {
  throw new Fault('Conflict', reason)
}

/** Errors of systems and file systems that make no hard link on request. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK']

async function attempt(path: string, signal: AbortSignal, act: () => Promise<string>): Promise<Outcome> {
  try {
    return { done: true, text: await act() }
  } catch (error) {
    if (signal.aborted) return { done: false, text: `left ${path} as it is: interrupted` }
    const failure = systemFault(error)
    if (!(failure instanceof Error)) throw error
    if (!(failure instanceof Fault) && errorCode(failure) === '') throw error
    return { done: false, text: `left ${path} as it is: ${failure.message}` }
  }
}

/** The spare file and the one that stays must be as they were read. */
async function requireUnchanged({ found, keepFound }: Spare): Promise<void> {
  for (const { path, stats } of [found, keepFound]) {
    const now = await stat(path).catch(() => null)
    const isSame =
      now?.ino === stats.ino &&
      now.dev === stats.dev &&
      now.size === stats.size &&
      now.mtimeMs === stats.mtimeMs
    if (!isSame) refuse(`${path} has changed since it was read`)
  }
}

/** Creates an empty file of a free name, so that no other program can take it. */
async function reserve(wanted: string): Promise<string> {
  const ending = extname(wanted)
  for (let number = 1; ; number++) {
    const stem = basename(wanted, ending)
    const path = number === 1 ? wanted : join(dirname(wanted), `${stem} (${number})${ending}`)
    try {
      await (await open(path, 'wx')).close()
      return path
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}

async function renameOrCopy(from: string, to: string, signal: AbortSignal): Promise<void> {
  try {
    // It replaces only the empty file that was reserved.
    await rename(from, to)
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error
    const { atime, mtime } = await stat(from)
    await copyFile(from, to, constants.COPYFILE_FICLONE)
    const copy = await open(to, 'r+')
    await copy.sync().finally(() => copy.close())
    if (!(await haveEqualBytes(from, to, signal))) refuse('the copy differs from it')
    await utimes(to, atime, mtime)
    await unlink(from)
  }
}

const CHUNK = 1 << 20

async function haveEqualBytes(one: string, other: string, signal: AbortSignal): Promise<boolean> {
  const [a, b] = await Promise.all([open(one), open(other)])
  try {
    const [left, right] = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)]
    for (let at = 0; ; ) {
      signal.throwIfAborted()
      const [x, y] = await Promise.all([a.read(left, 0, CHUNK, at), b.read(right, 0, CHUNK, at)])
      const length = Math.min(x.bytesRead, y.bytesRead)
      if (length === 0) return x.bytesRead === y.bytesRead
      if (left.compare(right, 0, length, 0, length) !== 0) return false
      at += length
    }
  } finally {
    await Promise.all([a.close(), b.close()])
  }
}
