import { videoIdOfJob } from '@kinoprint/core'
import { detectionsOf, readStoredQuery, searchFile, searchLibrary } from '@kinoprint/engine'
import { completeJob, findVideoByObject } from '@kinoprint/store'
import { findingsOf } from './findings.ts'
import type { ClaimedJob, JobContext } from './job-context.ts'
import { requireLibrary, withInputFile } from './job-input.ts'

/** FindSimilarVideo: finds the stored videos that share passages with an object. */
export async function runSearchJob(context: JobContext, claimed: ClaimedJob): Promise<void> {
  const { db } = context
  const { job, fence, signal, onProgress } = claimed
  const { dnaDbId, bucket, object } = job
  const library = await requireLibrary(db, dnaDbId)
  onProgress('fetch', 0)
  await withInputFile(context, claimed, async ({ path, etag }) => {
    const known = await findVideoByObject(db, { dnaDbId, bucket, object })
    // Keyframes alone find less than the file does.
    const query = await readStoredQuery(context, known, { etag, storeDetail: 'full', signal })
    const { matches, facts } =
      query === null || known === null
        ? await searchFile(context, { dnaDbId, path }, claimed)
        : {
            matches: await searchLibrary(context, { dnaDbId, query }, claimed),
            facts: known,
          }
    const detections = detectionsOf(matches, library)
    await completeJob(db, fence, {
      videoId: known?.etag === etag ? known.videoId : videoIdOfJob(job.jobId),
      durationSeconds: facts.durationSeconds,
      detections,
      findings: findingsOf({ bucket, object, etag }, facts, detections),
    })
  })
}
