import type { Tracks } from '@kinoprint/dna'
import { type OpenSource, searchFile, type WorkContext } from '@kinoprint/engine'
import { eachFile } from '../files/each-file.ts'
import type { VideoFolder } from '../files/list-videos.ts'
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
  await eachFile('storing', refs.videos, {
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
  const searching = { ...context, openSource: sourcesIn(refs) }
  await eachFile('searching', videos, {
    signal,
    work: async (file, reading) => {
      const query = { dnaDbId, path: file.path, includeWeak: plan.minScore !== undefined, tracks }
      const { matches, facts } = await searchFile(searching, query, reading)
      const { durationSeconds } = facts
      result.rows.push(...scanRows({ name: file.name, durationSeconds }, matches, plan))
    },
    onDone: (file, wasRead) => {
      result.searched++
      if (!wasRead) result.unreadable.add(file.path)
    },
  })
}

/** The files of the references, which are named by their paths in the folder. */
function sourcesIn({ videos }: VideoFolder): OpenSource {
  const paths = new Map(videos.map(({ name, path }) => [name, path]))
  return async ({ object }, use) => {
    const path = paths.get(object)
    return path === undefined ? null : use(path)
  }
}
