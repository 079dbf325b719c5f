import { videoIdOfJob } from '@kinoprint/core'
import { ingestFile, readStoredQuery, storeVideo, wholeQuery, withThumbnailFolder } from '@kinoprint/engine'
import { checkHome, completeJob, findVideoByObject } from '@kinoprint/store'
import { detectEarlierVideos, findIgnoredPassages, isToBeStored, needsSearch } from './earlier-videos.ts'
import type { ClaimedJob, JobContext } from './job-context.ts'
import { requireLibrary, withInputFile } from './job-input.ts'
import { piecesOf } from './keep-pieces.ts'
import { keepQuery } from './keep-query.ts'
import { keepIfMade } from './keep-thumbnails.ts'
import { reserveLength } from './reserve-length.ts'
import { storeSentFingerprint } from './store-fingerprint-job.ts'

/** GetFingerPrint: stores an object in a library, or a fingerprint that was sent instead of one. */
export async function runStoreVideoJob(context: JobContext, claimed: ClaimedJob): Promise<void> {
  return claimed.job.videoId === null ? storeObject(context, claimed) : storeSentFingerprint(context, claimed)
}

/**
 * An object that is already stored keeps its VideoId. If its content is unchanged, and it is stored with the detail of the
 * library, nothing is written.
 */
async function storeObject(context: JobContext, claimed: ClaimedJob): Promise<void> {
  const { db } = context
  const { job, fence, signal, onProgress } = claimed
  const { dnaDbId, bucket, region, object } = job
  const library = await requireLibrary(db, dnaDbId)
  await checkHome(db, dnaDbId)
  onProgress('fetch', 0)
  await withInputFile(context, claimed, async ({ etag, read }) => {
    const known = await findVideoByObject(db, { dnaDbId, bucket, object })
    const { storeDetail } = library
    const storedQuery = await readStoredQuery(context, known, { etag, storeDetail, signal })
    if (known !== null && storedQuery !== null) {
      await reserveLength(context, claimed, known.durationSeconds)
      const query = needsSearch(library, claimed) ? storedQuery : null
      const earlier = { library, content: { bucket, object, etag }, query, known, facts: known }
      const conclusion = await detectEarlierVideos(context, earlier, claimed)
      const { videoId, durationSeconds } = known
      await completeJob(db, fence, { videoId, durationSeconds, stored: true, ...conclusion })
      return
    }
    const path = await read()
    await withThumbnailFolder(context, async (folder) => {
      const { stored, query, facts, thumbnailsFailure } = await ingestFile(context, path, {
        ...claimed,
        pieces: piecesOf(context, claimed, etag),
        storeDetail,
        asQuery: needsSearch(library, claimed),
        thumbnailsDir: folder?.path ?? null,
      })
      const thumbnails = await keepIfMade(context, { folder, failure: thumbnailsFailure })
      const earlier = { library, content: { bucket, object, etag }, query, known, facts }
      const conclusion = await detectEarlierVideos(context, earlier, claimed)
      await findIgnoredPassages(context, { dnaDbId, etag, data: stored.data }, claimed)
      const { durationSeconds } = facts
      if (!(await isToBeStored(context, { library, durationSeconds, conclusion }, claimed))) {
        if (query !== null)
          await keepQuery(context, { etag, facts, query: wholeQuery(query.fingerprint) }, claimed)
        await thumbnails?.publish(job.jobId)
        const videoId = videoIdOfJob(job.jobId)
        await completeJob(db, fence, { videoId, durationSeconds, stored: false, ...conclusion })
        return
      }
      const newVideoId = known === null ? videoIdOfJob(job.jobId) : null
      const location = { dnaDbId, bucket, region, object, etag }
      const video = {
        jobFence: fence,
        ...location,
        stored,
        facts,
        thumbnails,
        newVideoId,
        ...conclusion,
      }
      await storeVideo(context, video, claimed)
    })
  })
}
