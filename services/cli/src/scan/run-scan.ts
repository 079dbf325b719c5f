import { Fault } from '@kinoprint/core'
import type { Tracks } from '@kinoprint/dna'
import { searchFile, type WorkContext, type WorkOptions } from '@kinoprint/engine'
import pMap from 'p-map'
import { namedFault, systemFault } from '../file-fault.ts'
import type { VideoFile, VideoFolder } from '../files/list-videos.ts'
import { FILES_AT_ONCE } from '../local-work.ts'
import { startProgress } from '../output/progress.ts'
import { removeGone, type ScanLibrary } from './scan-library.ts'
import { type ScanRow, scanRows } from './scan-rows.ts'
import { storeReference } from './store-reference.ts'

export type ScanPlan = {
  readonly library: ScanLibrary
  readonly refs: VideoFolder
  /** Null if references are only stored. */
  readonly queries: VideoFolder | null
  readonly minScore: number | undefined
  /** The tracks to compare. */
  readonly tracks: Tracks
  /** Setting MAX_OBJECT_BYTES. */
  readonly maxFileBytes: number
  readonly signal: AbortSignal
}

/** The progress of a scan, updated as it runs, so that results survive an interruption. */
export type ScanResult = {
  readonly rows: ScanRow[]
  /** Paths of files that could not be read. */
  readonly unreadable: Set<string>
  /** Files processed, unreadable ones included. */
  stored: number
  searched: number
  /** Names of videos removed from the library because their files are gone. */
  readonly removed: string[]
}

export function newScanResult(): ScanResult {
  return {
    rows: [],
    unreadable: new Set(),
    stored: 0,
    searched: 0,
    removed: [],
  }
}

/** Stores all references, then searches with all queries, using the same code as jobs. */
export async function runScan(context: WorkContext, plan: ScanPlan, result: ScanResult): Promise<void> {
  const { refs, queries, tracks, signal } = plan
  const { dnaDbId } = plan.library
  const unreadableRefs = new Set<string>()
  await eachFile('storing', refs, {
    signal,
    work: (file, reading) => storeReference(context, file, { ...plan, ...reading }),
    onDone: (file, wasRead) => {
      result.stored++
      if (wasRead) return
      unreadableRefs.add(file.name)
      result.unreadable.add(file.path)
    },
  })
  // Only files that are still in the folder may match, so the others are removed from the library.
  const names = new Set(refs.videos.map(({ name }) => name))
  const isHidden = (name: string): boolean => refs.unlisted.some((folder) => name.startsWith(`${folder}/`))
  const isGone = (name: string): boolean => unreadableRefs.has(name) || (!names.has(name) && !isHidden(name))
  const removed = await removeGone(context.db, { dnaDbId, isGone })
  result.removed.push(...removed.filter((name) => !unreadableRefs.has(name)))
  if (queries === null) return
  // A file that could not be read as a reference is not tried and reported again.
  const videos = queries.videos.filter(({ path }) => !result.unreadable.has(path))
  result.searched = queries.videos.length - videos.length
  await eachFile(
    'searching',
    { videos },
    {
      signal,
      work: async (file, reading) => {
        const query = { dnaDbId, path: file.path, includeWeak: plan.minScore !== undefined, tracks }
        const { matches, facts } = await searchFile(context, query, reading)
        const { durationSeconds } = facts
        result.rows.push(...scanRows({ name: file.name, durationSeconds }, matches, plan))
      },
      onDone: (file, wasRead) => {
        result.searched++
        if (!wasRead) result.unreadable.add(file.path)
      },
    },
  )
}

type FileWork = {
  readonly signal: AbortSignal
  readonly work: (file: VideoFile, reading: WorkOptions) => Promise<void>
  /** `wasRead` is false for an unreadable file. */
  readonly onDone: (file: VideoFile, wasRead: boolean) => void
}

/**
 * Processes all videos of a folder, a few in parallel. Unreadable files are reported and skipped. Any other failure
 * stops the work: no new file is started, and the failure is thrown after the running files have finished.
 */
async function eachFile(
  title: string,
  { videos }: Pick<VideoFolder, 'videos'>,
  { signal, work, onDone }: FileWork,
): Promise<void> {
  const progress = startProgress(title, { total: videos.length })
  const failures: unknown[] = []
  const process = async (file: VideoFile): Promise<void> => {
    if (failures.length > 0) return
    try {
      signal.throwIfAborted()
      const notes: string[] = []
      const onNote = (note: string): void => void notes.push(note)
      const onProgress: WorkOptions['onProgress'] = (stage, fraction) => {
        if (stage === 'fingerprint') progress.report(file.name, fraction)
      }
      await work(file, { signal, onProgress, onNote })
      onDone(file, true)
      progress.step(file.name, notes)
    } catch (error) {
      const failure = namedFault(file.name, systemFault(error))
      if (signal.aborted || !(failure instanceof Fault)) {
        failures.push(failure)
        return
      }
      onDone(file, false)
      progress.skip(file.name, `Cannot read ${failure.message}`)
    }
  }
  try {
    await pMap(videos, process, { concurrency: FILES_AT_ONCE })
  } finally {
    progress.end()
  }
  if (failures.length > 0) throw failures[0]
}
