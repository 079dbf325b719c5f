import { videoIdOfJob } from '@kinoprint/core'
import { reportable, searchFile, searchLibrary, storedFingerprint } from '@kinoprint/engine'
import { completeJob, findVideoByObject } from '@kinoprint/store'
import { fetchInput } from '../fetch-input.ts'
import type { JobContext, JobRun } from '../job-run.ts'
import { libraryOf } from '../library-of.ts'

/** FindSimilarVideo: which stored videos share passages with an object. */
export const runFind = async (context: JobContext, run: JobRun): Promise<void> => {
  const { db } = context
  const { job, fence, signal, report } = run
  const { dnaDbId, bucket, object } = job
  const library = await libraryOf(db, dnaDbId)
  report('fetch', 0)
  const file = await fetchInput(context, run)
  try {
    const { etag } = file
    const path = file.openPath ?? file.path
    const known = await findVideoByObject(db, { dnaDbId, bucket, object })
    const stored = await storedFingerprint(context, known, { etag, signal })
    const { found, durationSeconds } =
      stored === null
        ? await searchFile(context, { dnaDbId, path }, run)
        : { found: await searchLibrary(context, { dnaDbId, query: stored }, run), ...stored }
    await completeJob(db, fence, {
      videoId: known?.etag === etag ? known.videoId : videoIdOfJob(job.jobId),
      durationSeconds,
      detections: reportable(found, library),
    })
  } finally {
    await file.release()
  }
}
