import { videoIdOfJob } from '@kinoprint/core'
import {
  fingerprintFile,
  reportable,
  type SearchQuery,
  type Stills,
  searchLibrary,
  storedFingerprint,
  storeVideo,
  withStills,
} from '@kinoprint/engine'
import { completeJob, type Detection, findVideoByObject, type Library, type Video } from '@kinoprint/store'
import { fetchInput } from '../fetch-input.ts'
import type { JobContext, JobRun } from '../job-run.ts'
import { libraryOf } from '../library-of.ts'

/**
 * GetFingerPrint: stores an object in a library. Stored again with other content, it keeps its VideoId; with the
 * same content nothing changes.
 */
export const runRegister = async (context: JobContext, run: JobRun): Promise<void> => {
  const { db } = context
  const { job, fence, signal, report } = run
  const { dnaDbId, bucket, region, object } = job
  const library = await libraryOf(db, dnaDbId)
  report('fetch', 0)
  const file = await fetchInput(context, run)
  try {
    const { etag } = file
    const path = file.openPath ?? file.path
    const known = await findVideoByObject(db, { dnaDbId, bucket, object })
    const stored = await storedFingerprint(context, known, { etag, signal })
    if (known !== null && stored !== null) {
      const detections = await alreadyThere(context, { library, query: stored, known }, run)
      const { videoId, durationSeconds } = known
      await completeJob(db, fence, { videoId, durationSeconds, detections })
      return
    }
    await withStills(context, async (place) => {
      const fingerprint = await fingerprintFile(context, path, {
        ...run,
        asQuery: library.detectOnStore,
        stills: place,
      })
      const stills = madeOrNone(context, place, fingerprint)
      if (stills === null) await place?.discard({ inDoubt: false })
      const detections = await alreadyThere(context, { library, query: fingerprint, known }, run)
      const newVideoId = known === null ? videoIdOfJob(job.jobId) : null
      const address = { jobFence: fence, dnaDbId, bucket, region, object, etag }
      await storeVideo(context, { ...address, fingerprint, stills, newVideoId, detections }, run)
    })
  } finally {
    await file.release()
  }
}

/** The stills, unless they could not be made: they are an ornament, and the video is stored without them. */
const madeOrNone = (
  { log }: JobContext,
  stills: Stills | null,
  { stillsFailure }: { readonly stillsFailure: string | null },
): Stills | null => {
  if (stillsFailure === null) return stills
  log.warn({ reason: stillsFailure }, 'The stills of a video could not be made; it is stored without them')
  return null
}

/** Other videos of the library that share passages with this one, if the library wants to know. */
const alreadyThere = async (
  context: JobContext,
  { library, query, known }: { library: Library; query: SearchQuery; known: Video | null },
  run: JobRun,
): Promise<Detection[]> => {
  if (!library.detectOnStore) return []
  const found = await searchLibrary(context, { dnaDbId: library.dnaDbId, query }, run)
  return reportable(found, library).filter((one) => one.videoId !== known?.videoId)
}
