import { Fault } from '@kinoprint/contract'
import { findVideoByObject } from '@kinoprint/store'
import {
  fingerprintFile,
  searchFile,
  storedFingerprint,
  storeVideo,
  type WorkContext,
} from '@kinoprint/worker'
import { eachOf } from '../each-of.ts'
import { FILES_AT_ONCE } from '../local-work.ts'
import { namedFault } from '../named-fault.ts'
import { type Progress, startProgress } from '../progress.ts'
import { fileEtag } from './file-etag.ts'
import type { VideoFile } from './list-videos.ts'
import { SCAN_BUCKET, SCAN_REGION } from './scan-library.ts'
import { type ScanRow, scanRows, sortRows } from './scan-rows.ts'

export type ScanPlan = {
  readonly dnaDbId: string
  readonly refs: readonly VideoFile[]
  readonly queries: readonly VideoFile[]
  readonly minScore: number | undefined
  readonly signal: AbortSignal
}

export type ScanOutcome = {
  readonly rows: readonly ScanRow[]
  /** Names of files that could not be read. */
  readonly unread: readonly string[]
}

const quiet = (): void => undefined

/** Stores all refs, then searches with all queries, through the same code as the jobs do. */
export const runScan = async (context: WorkContext, plan: ScanPlan): Promise<ScanOutcome> => {
  const unread: string[] = []
  const rows: ScanRow[] = []
  const { signal } = plan
  const work = async (
    title: string,
    files: readonly VideoFile[],
    each: (file: VideoFile) => Promise<void>,
  ) => {
    const progress = startProgress(title, { total: files.length })
    try {
      await eachOf(files, { atOnce: FILES_AT_ONCE }, async (file) => {
        signal.throwIfAborted()
        await tolerate(file, each, { unread, progress, signal })
        progress.step(file.name)
      })
    } finally {
      progress.end()
    }
  }
  await work('storing', plan.refs, (file) => store(context, plan, file))
  await work('searching', plan.queries, async (file) => {
    const asked = { dnaDbId: plan.dnaDbId, path: file.path, leads: plan.minScore !== undefined }
    const { found } = await searchFile(context, asked, { signal, report: quiet })
    rows.push(...scanRows(file.name, found, plan))
  })
  return { rows: sortRows(rows), unread }
}

/** A file that cannot be read is named and left out; anything else that fails is not the file's fault. */
const tolerate = async (
  file: VideoFile,
  each: (file: VideoFile) => Promise<void>,
  { unread, progress, signal }: { unread: string[]; progress: Progress; signal: AbortSignal },
): Promise<void> => {
  try {
    await each(file)
  } catch (error) {
    const failure = namedFault(file.name, error)
    if (signal.aborted || !(failure instanceof Fault)) throw failure
    unread.push(file.name)
    progress.note(`cannot read ${failure.message}`)
  }
}

const store = async (context: WorkContext, { dnaDbId, signal }: ScanPlan, file: VideoFile): Promise<void> => {
  const place = { dnaDbId, bucket: SCAN_BUCKET, object: file.name }
  const etag = await fileEtag(file.path, { signal })
  const known = await findVideoByObject(context.db, place)
  // A kept library has it already, unless the file has changed since.
  if ((await storedFingerprint(context, known, { etag, signal })) !== null) return
  const options = { signal, report: quiet }
  const fingerprint = await fingerprintFile(context, file.path, { ...options, asQuery: false })
  const where = { ...place, region: SCAN_REGION, jobFence: null, etag }
  await storeVideo(
    context,
    { ...where, fingerprint, stills: null, newVideoId: null, detections: [] },
    options,
  )
}
