import { type JobId, videoIdOfJob } from '@kinoprint/contract'
import { completeJob, type Detection, findVideoByObject, type Library, type Video } from '@kinoprint/store'
import { fingerprintFile } from '../fingerprint-file.ts'
import type { JobContext, JobRun } from '../job-run.ts'
import { libraryOf } from '../library-of.ts'
import { reportable, type SearchQuery, searchLibrary } from '../search-library.ts'
import { storeVideo } from '../store-video.ts'
import { storedFingerprint } from '../stored-fingerprint.ts'

/**
 * GetFingerPrint: stores an object in a library. Stored again with other content, it keeps its VideoId; with the
 * same content nothing changes.
 */
export const runRegister = async (context: JobContext, run: JobRun): Promise<void> => {
  const { db, objects } = context
  const { job, fence, signal, report } = run
  const { dnaDbId, bucket, region, object } = job
  const library = await libraryOf(db, dnaDbId)
  report('fetch', 0)
  const file = await objects.fetch(bucket, object, { signal })
  try {
    const { path, etag } = file
    const known = await findVideoByObject(db, { dnaDbId, bucket, object })
    const stored = await storedFingerprint(context, known, { etag, signal })
    if (known !== null && stored !== null) {
      const detections = await alreadyThere(context, { library, query: stored, known }, run)
      const { videoId, durationSeconds } = known
      await completeJob(db, fence, { videoId, durationSeconds, detections })
      return
    }
    const fingerprint = await fingerprintFile(context, path, run)
    const detections = await alreadyThere(context, { library, query: fingerprint, known }, run)
    const newVideoId = known === null ? videoIdOfJob(job.jobId as JobId) : null
    const place = { jobFence: fence, dnaDbId, bucket, region, object, etag }
    await storeVideo(context, { ...place, path, fingerprint, newVideoId, detections }, run)
  } finally {
    await file.release()
  }
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
