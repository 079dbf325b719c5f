import type { Stats } from 'node:fs'
import { lstat, realpath, stat } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { errorText, Fault, type InputFormat } from '@kinoprint/core'
import { watch } from 'chokidar'
import { listVideos, skipReason, UNLISTED } from '../files/list-videos.ts'
import type { LocalFile } from '../intake/file-job.ts'
import { createSettling } from './settling.ts'

/** How often files that are not complete yet are checked. */
const TICK_MS = 250
const EMPTY = 'empty; it is taken when it has content'
/** Files in progress at once. */
const AT_ONCE = 4

export type FolderWatch = {
  /** The real path of the folder. */
  readonly root: string
  readonly exclude: (name: string) => string | null
  readonly settleMs: number
  /** How often the folder is read whole, because some file systems report no changes. */
  readonly rescanMs: number
  /** Ends when everything in the folder has been taken. */
  readonly once: boolean
  readonly signal: AbortSignal
  /** Formats whose files are taken. */
  readonly formats: readonly InputFormat[]
  /** Whether a file needs no look: it is known and has not changed. */
  isKnown(file: LocalFile & { readonly stats: Stats }): boolean
  /** Takes a complete file. False to take it again when it has settled. */
  take(file: LocalFile): Promise<boolean>
  /** Called after each reading of the folder with the paths that are there; never if it could not be read whole. */
  onListed(present: ReadonlySet<string>): Promise<void>
  onSkipped(name: string, reason: string): void
  onProblem(line: string): void
}

/**
 * Takes the files of a folder and its subfolders: those that are there, and those that appear or change until
 * `signal` is aborted. Symbolic links are not followed.
 */
export async function watchFolder(options: FolderWatch): Promise<void> {
  const { root, signal, once } = options
  const pending = new Map<string, LocalFile>()
  const running = new Map<string, Promise<unknown>>()
  const failures: unknown[] = []
  const add = (path: string): void => {
    const name = relative(root, path).split(sep).join('/')
    if (skipReason(name, { skipHidden: true, exclude: options.exclude, formats: options.formats }) === null)
      pending.set(path, { path, name })
  }
  const events = once ? null : startEvents(options, add)
  const settling = createSettling({ settleMs: options.settleMs })
  const start = (file: LocalFile): void => {
    const work = options
      .take(file)
      .then((isTaken) => {
        if (isTaken) settling.forget(file.path)
        else pending.set(file.path, file)
      })
      .catch((error: unknown) => failures.push(error))
      .finally(() => running.delete(file.path))
    running.set(file.path, work)
  }
  // A second reading tells which files are gone for good.
  let scansLeft = once ? 2 : Number.POSITIVE_INFINITY
  let scanAtMs = Number.NEGATIVE_INFINITY
  try {
    while (!signal.aborted && failures.length === 0) {
      const isIdle = pending.size === 0 && running.size === 0
      if (isIdle && scansLeft === 0) return
      if (once ? isIdle : performance.now() >= scanAtMs) {
        await scan(options, pending)
        scansLeft--
        scanAtMs = performance.now() + options.rescanMs
      }
      for (const file of pending.values()) {
        if (running.size >= AT_ONCE) break
        if (running.has(file.path) || !(await isComplete(file, settling, pending))) continue
        pending.delete(file.path)
        start(file)
      }
      await Promise.race([...running.values(), delay(TICK_MS, undefined, { signal }).catch(() => undefined)])
    }
  } finally {
    await events?.close()
    await Promise.allSettled(running.values())
  }
  if (failures.length > 0) throw failures[0]
}

/** Changes that the system reports. Without them, only the readings of the folder count. */
function startEvents(
  { root, onProblem }: FolderWatch,
  add: (path: string) => void,
): { close(): Promise<void> } {
  let hasFailed = false
  const watcher = watch(root, { ignoreInitial: true, followSymlinks: false })
    .on('add', add)
    .on('change', add)
    .on('error', (error) => {
      if (!hasFailed)
        onProblem(`Changes in the folder are not reported: ${errorText(error)}. It is read at intervals.`)
      hasFailed = true
    })
  return watcher
}

async function isComplete(
  { path }: LocalFile,
  settling: ReturnType<typeof createSettling>,
  pending: Map<string, LocalFile>,
): Promise<boolean> {
  const stats = await lstat(path).catch(() => null)
  if (stats?.isFile() && stats.size > 0) return settling.isComplete(path, stats)
  // Gone again, a link, or empty. A change or the next reading of the folder adds an empty file that has been written.
  settling.forget(path)
  pending.delete(path)
  return false
}

async function scan(options: FolderWatch, pending: Map<string, LocalFile>): Promise<void> {
  const { root, once, settleMs, exclude, formats, isKnown, onListed, onSkipped, onProblem } = options
  try {
    const listing = { exclude, formats, skipHidden: true, skipLinks: true, mayBeEmpty: true }
    const { videos, skipped, unlisted } = await listVideos(root, listing)
    for (const { name, reason } of skipped) onSkipped(name, reason)
    for (const name of unlisted) onSkipped(name, UNLISTED)
    for (const { name, path, stats } of videos) {
      if (stats === null || isKnown({ name, path, stats })) continue
      if (stats.size > 0) pending.set(path, { name, path })
      else if (once || Date.now() - stats.mtimeMs >= settleMs) onSkipped(name, EMPTY)
    }
    if (unlisted.length === 0) await onListed(new Set(videos.map(({ path }) => path)))
  } catch (error) {
    // The folder may be back at the next reading, for example when it is mounted again.
    if (!(error instanceof Fault)) throw error
    onProblem(error.message)
  }
}

/** The real path of a folder to watch. Throws Fault InvalidArgument if it is none. */
export async function watchedRoot(folder: string): Promise<string> {
  const root = await realpath(folder).catch(() => null)
  if (root === null) throw new Fault('InvalidArgument', `The folder ${folder} does not exist.`)
  if (!(await stat(root)).isDirectory()) throw new Fault('InvalidArgument', `${folder} is not a folder.`)
  return root
}
