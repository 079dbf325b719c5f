import { Fault } from '@kinoprint/core'
import { searchFile, type WorkContext } from '@kinoprint/engine'
import pMap from 'p-map'
import { namedFault, systemFault } from '../file-fault.ts'
import { FILES_AT_ONCE } from '../local-work.ts'
import { startProgress } from '../progress.ts'
import type { VideoFile, VideoFolder } from './list-videos.ts'
import { removeGone, type ScanLibrary } from './scan-library.ts'
import { tell } from './scan-output.ts'
import { type ScanRow, scanRows } from './scan-rows.ts'
import { storeReference } from './store-reference.ts'

export type ScanPlan = {
  readonly library: ScanLibrary
  readonly refs: VideoFolder
  /** Null if references are only stored. */
  readonly queries: VideoFolder | null
  readonly minScore: number | undefined
  /** Setting MAX_OBJECT_BYTES. */
  readonly maxFileBytes: number
  readonly signal: AbortSignal
}

/** The progress of a scan, updated as it runs, so that results survive an interruption. */
export type ScanResult = {
  readonly rows: ScanRow[]
  /** Names of files that could not be read. */
  readonly unreadable: Set<string>
  /** Files processed, unreadable ones included. */
  stored: number
  searched: number
  /** Videos removed from the library because their files are gone. */
  removed: number
}

export function newScanResult(): ScanResult {
  return {
    rows: [],
    unreadable: new Set(),
    stored: 0,
    searched: 0,
    removed: 0,
  }
}

function ignoreProgress(): void {}

/** Stores all references, then searches with all queries, using the same code as jobs. */
export async function runScan(context: WorkContext, plan: ScanPlan, result: ScanResult): Promise<void> {
  const { refs, queries, signal } = plan
  const { dnaDbId } = plan.library
  const unreadableRefs = new Set<string>()
  await eachFile('storing', refs, {
    signal,
    work: (file) => storeReference(context, file, plan),
    onDone: (file, wasRead) => {
      result.stored++
      if (!wasRead) unreadableRefs.add(file.name)
    },
  })
  // Only files that are still in the folder may match, so the others are removed from the library.
  const names = new Set(refs.videos.map(({ name }) => name))
  const isHidden = (name: string): boolean => refs.unlisted.some((folder) => name.startsWith(`${folder}/`))
  const isGone = (name: string): boolean => unreadableRefs.has(name) || (!names.has(name) && !isHidden(name))
  result.removed = await removeGone(context.db, { dnaDbId, isGone })
  for (const name of unreadableRefs) result.unreadable.add(name)
  if (queries === null) return
  await eachFile('searching', queries, {
    signal,
    work: async (file) => {
      const query = { dnaDbId, path: file.path, includeWeak: plan.minScore !== undefined }
      const { matches } = await searchFile(context, query, {
        signal,
        onProgress: ignoreProgress,
        onNote: (note) => tell(`${file.name}: ${note}`),
      })
      result.rows.push(...scanRows(file.name, matches, plan))
    },
    onDone: (file, wasRead) => {
      result.searched++
      if (!wasRead) result.unreadable.add(file.name)
    },
  })
}

type FileWork = {
  readonly signal: AbortSignal
  readonly work: (file: VideoFile) => Promise<void>
  /** `wasRead` is false for an unreadable file. */
  readonly onDone: (file: VideoFile, wasRead: boolean) => void
}

/**
 * Processes all videos of a folder, a few in parallel. Unreadable files are reported and skipped. Any other failure
 * stops the work: no new file is started, and the failure is thrown after the running files have finished.
 */
async function eachFile(
  title: string,
  { videos }: VideoFolder,
  { signal, work, onDone }: FileWork,
): Promise<void> {
  const progress = startProgress(title, { total: videos.length })
  const failures: unknown[] = []
  const process = async (file: VideoFile): Promise<void> => {
    if (failures.length > 0) return
    try {
      signal.throwIfAborted()
      await work(file)
      onDone(file, true)
      progress.step(file.name)
    } catch (error) {
      const failure = namedFault(file.name, systemFault(error))
      if (signal.aborted || !(failure instanceof Fault)) {
        failures.push(failure)
        return
      }
      onDone(file, false)
      progress.skip(`Cannot read ${failure.message}`)
    }
  }
  try {
    await pMap(videos, process, { concurrency: FILES_AT_ONCE })
  } finally {
    progress.end()
  }
  if (failures.length > 0) throw failures[0]
}
