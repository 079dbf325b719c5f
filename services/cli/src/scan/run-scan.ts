import { Fault } from '@kinoprint/core'
import { searchFile, type WorkContext } from '@kinoprint/engine'
import { eachOf } from '../each-of.ts'
import { FILES_AT_ONCE } from '../local-work.ts'
import { namedFault } from '../named-fault.ts'
import { startProgress } from '../progress.ts'
import { systemFault } from '../system-fault.ts'
import type { VideoFile, VideoFolder } from './list-videos.ts'
import { removeGone, type ScanLibrary } from './scan-library.ts'
import { tell } from './scan-output.ts'
import { type ScanRow, scanRows } from './scan-rows.ts'
import { storeReference } from './store-reference.ts'

export type ScanPlan = {
  readonly library: ScanLibrary
  readonly refs: VideoFolder
  /** Null where references are only stored. */
  readonly queries: VideoFolder | null
  readonly minScore: number | undefined
  /** Setting MAX_OBJECT_BYTES. */
  readonly maxFileBytes: number
  readonly signal: AbortSignal
}

/** How far a scan is. Filled while it runs, so that what was found outlives an interruption. */
export type ScanResult = {
  readonly rows: ScanRow[]
  /** Names of files that could not be read. */
  readonly unread: Set<string>
  /** Files that are done, unreadable ones included. */
  stored: number
  searched: number
  /** Videos that were in the library and are no longer under the folder. */
  removed: number
}

export const newScanResult = (): ScanResult => ({
  rows: [],
  unread: new Set(),
  stored: 0,
  searched: 0,
  removed: 0,
})

const quiet = (): void => undefined

/** Stores all refs, then searches with all queries, through the same code as the jobs do. */
export const runScan = async (context: WorkContext, plan: ScanPlan, result: ScanResult): Promise<void> => {
  const { refs, queries, signal } = plan
  const { dnaDbId } = plan.library
  const unreadRefs = new Set<string>()
  await eachFile('storing', refs, {
    signal,
    work: (file) => storeReference(context, file, plan),
    onDone: (file, wasRead) => {
      result.stored++
      if (!wasRead) unreadRefs.add(file.name)
    },
  })
  // Only what is under the folder today may match: what was stored of other files is removed.
  const names = new Set(refs.videos.map(({ name }) => name))
  const isHidden = (name: string): boolean => refs.closed.some((folder) => name.startsWith(`${folder}/`))
  const isGone = (name: string): boolean => unreadRefs.has(name) || (!names.has(name) && !isHidden(name))
  result.removed = await removeGone(context.db, { dnaDbId, isGone })
  for (const name of unreadRefs) result.unread.add(name)
  if (queries === null) return
  await eachFile('searching', queries, {
    signal,
    work: async (file) => {
      const asked = { dnaDbId, path: file.path, leads: plan.minScore !== undefined }
      const { found } = await searchFile(context, asked, {
        signal,
        report: quiet,
        onNote: (note) => tell(`${file.name}: ${note}`),
      })
      result.rows.push(...scanRows(file.name, found, plan))
    },
    onDone: (file, wasRead) => {
      result.searched++
      if (!wasRead) result.unread.add(file.name)
    },
  })
}

type FileWork = {
  readonly signal: AbortSignal
  readonly work: (file: VideoFile) => Promise<void>
  /** `wasRead` is false for a file that is left out. */
  readonly onDone: (file: VideoFile, wasRead: boolean) => void
}

/** Works on all videos of a folder. One that cannot be read is named and left out; any other failure ends the work. */
const eachFile = async (
  title: string,
  { videos }: VideoFolder,
  { signal, work, onDone }: FileWork,
): Promise<void> => {
  const progress = startProgress(title, { total: videos.length })
  try {
    await eachOf(videos, { atOnce: FILES_AT_ONCE }, async (file) => {
      signal.throwIfAborted()
      try {
        await work(file)
        onDone(file, true)
        progress.step(file.name)
      } catch (error) {
        const failure = namedFault(file.name, systemFault(error))
        if (signal.aborted || !(failure instanceof Fault)) throw failure
        onDone(file, false)
        progress.skip(`cannot read ${failure.message}`)
      }
    })
  } finally {
    progress.end()
  }
}
