import { videoIdOfJob } from '@kinoprint/core'
import {
  detectionsOf,
  ingestFile,
  readStoredQuery,
  type SearchQuery,
  searchLibrary,
  storeVideo,
  type ThumbnailFolder,
  withThumbnailFolder,
} from '@kinoprint/engine'
import { completeJob, type Detection, findVideoByObject, type Library, type Video } from '@kinoprint/store'
import { findingsOf } from './findings.ts'
import type { ClaimedJob, JobContext } from './job-context.ts'
import { requireLibrary, withInputFile } from './job-input.ts'

/**
 * GetFingerPrint: stores an object in a library. An object that is already stored keeps its VideoId. If its content is
 * unchanged, and it is stored with the detail of the library, nothing is written.
 */
export async function runStoreVideoJob(context: JobContext, claimed: ClaimedJob): Promise<void> {
  const { db } = context
  const { job, fence, signal, onProgress } = claimed
  const { dnaDbId, bucket, region, object } = job
  const library = await requireLibrary(db, dnaDbId)
  onProgress('fetch', 0)
  await withInputFile(context, claimed, async ({ path, etag }) => {
    const known = await findVideoByObject(db, { dnaDbId, bucket, object })
    const { storeDetail } = library
    const storedQuery = await readStoredQuery(context, known, { etag, storeDetail, signal })
    if (known !== null && storedQuery !== null) {
      const detections = await detectEarlierVideos(context, { library, query: storedQuery, known }, claimed)
      const { videoId, durationSeconds } = known
      const findings = findingsOf({ bucket, object, etag }, known, detections)
      await completeJob(db, fence, { videoId, durationSeconds, detections, findings })
      return
    }
    await withThumbnailFolder(context, async (folder) => {
      const { stored, query, facts, thumbnailsFailure } = await ingestFile(context, path, {
        ...claimed,
        storeDetail,
        asQuery: library.detectOnStore,
        thumbnailsDir: folder?.path ?? null,
      })
      const thumbnails = await keepIfMade(context, folder, thumbnailsFailure)
      const detections = await detectEarlierVideos(context, { library, query, known }, claimed)
      const newVideoId = known === null ? videoIdOfJob(job.jobId) : null
      const location = { dnaDbId, bucket, region, object, etag }
      const findings = findingsOf(location, facts, detections)
      const video = {
        jobFence: fence,
        ...location,
        stored,
        facts,
        thumbnails,
        newVideoId,
        detections,
        findings,
      }
      await storeVideo(context, video, claimed)
    })
  })
}

/** Null if the thumbnails could not be made. The video is then stored without them. */
async function keepIfMade(
  { log }: JobContext,
  folder: ThumbnailFolder | null,
  failure: string | null,
): Promise<ThumbnailFolder | null> {
  if (failure === null) return folder
  log.warn({ reason: failure }, 'Could not make thumbnails; storing the video without them')
  await folder?.discard({ keepPublished: false })
  return null
}

type EarlierVideos = {
  readonly library: Library
  readonly query: SearchQuery | null
  readonly known: Video | null
}

/** Other videos of the library that share passages with this one, if the library has `detectOnStore`. */
async function detectEarlierVideos(
  context: JobContext,
  { library, query, known }: EarlierVideos,
  claimed: ClaimedJob,
): Promise<Detection[]> {
  if (!library.detectOnStore || query === null) return []
  const matches = await searchLibrary(context, { dnaDbId: library.dnaDbId, query }, claimed)
  return detectionsOf(matches, library).filter(({ videoId }) => videoId !== known?.videoId)
}
