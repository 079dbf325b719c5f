import { videoIdOfJob } from '@kinoprint/core'
import {
  findIgnoredIn,
  ingestFile,
  readStoredQuery,
  type SearchQuery,
  searchLibrary,
  storeVideo,
  type VideoFacts,
  wholeQuery,
  withThumbnailFolder,
} from '@kinoprint/engine'
import {
  completeJob,
  findVideoByObject,
  type Library,
  loadIgnoredStretches,
  saveIgnoredRanges,
  type Video,
} from '@kinoprint/store'
import { type Conclusion, concludeSearch } from './conclude-search.ts'
import type { ClaimedJob, JobContext } from './job-context.ts'
import { requireLibrary, withInputFile } from './job-input.ts'
import { keepIfMade } from './keep-thumbnails.ts'

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
      const earlier = { library, content: { bucket, object, etag }, query: storedQuery, known, facts: known }
      const conclusion = await detectEarlierVideos(context, earlier, claimed)
      const { videoId, durationSeconds } = known
      await completeJob(db, fence, { videoId, durationSeconds, ...conclusion })
      return
    }
    await withThumbnailFolder(context, async (folder) => {
      const { stored, query, facts, thumbnailsFailure } = await ingestFile(context, path, {
        ...claimed,
        storeDetail,
        asQuery: library.detectOnStore,
        thumbnailsDir: folder?.path ?? null,
      })
      const thumbnails = await keepIfMade(context, { folder, failure: thumbnailsFailure })
      const earlier = { library, content: { bucket, object, etag }, query, known, facts }
      const conclusion = await detectEarlierVideos(context, earlier, claimed)
      const newVideoId = known === null ? videoIdOfJob(job.jobId) : null
      const location = { dnaDbId, bucket, region, object, etag }
      await findIgnoredPassages(context, { dnaDbId, etag, data: stored.data }, claimed)
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

type NewContent = { readonly dnaDbId: string; readonly etag: string; readonly data: Uint8Array }

/** Records which passages that the library ignores everywhere the video shows, before searches can find it. */
async function findIgnoredPassages(
  context: JobContext,
  { dnaDbId, etag, data }: NewContent,
  claimed: ClaimedJob,
): Promise<void> {
  const stretches = await loadIgnoredStretches(context.db, dnaDbId)
  const ranges = await findIgnoredIn(context, { data, stretches }, claimed)
  await saveIgnoredRanges(context.db, { etag, ranges })
}

type EarlierVideos = {
  readonly library: Library
  readonly content: { readonly bucket: string; readonly object: string; readonly etag: string }
  readonly query: SearchQuery | null
  readonly known: Video | null
  readonly facts: Pick<VideoFacts, 'width' | 'height' | 'hasAudio'>
}

/** Other videos of the library that share passages with this one, if the library has `detectOnStore`. */
async function detectEarlierVideos(
  context: JobContext,
  { query, known, ...search }: EarlierVideos,
  claimed: ClaimedJob,
): Promise<Conclusion> {
  const { library } = search
  const isWanted = library.detectOnStore && query !== null
  const found = isWanted ? await searchLibrary(context, { dnaDbId: library.dnaDbId, query }, claimed) : []
  const matches = found.filter(({ videoId }) => videoId !== known?.videoId)
  // Without a search there is no pair, so the fingerprint is not used.
  if (query === null)
    return { detections: [], findings: { query: { ...search.content, ...sizeOf(search.facts) }, found: [] } }
  return concludeSearch(context, { ...search, query: wholeQuery(query.fingerprint), matches }, claimed)
}

function sizeOf({ width, height, hasAudio }: EarlierVideos['facts']) {
  return { width, height, hasAudio }
}
