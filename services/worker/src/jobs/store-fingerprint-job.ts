import { videoIdOfJob } from '@kinoprint/core'
import { storeVideo } from '@kinoprint/engine'
import { completeJob, discardSentFingerprint, findVideoByObject } from '@kinoprint/store'
import { detectEarlierVideos, findIgnoredPassages } from './earlier-videos.ts'
import type { ClaimedJob, JobContext } from './job-context.ts'
import { requireLibrary } from './job-input.ts'
import { queryOf, requireSentFingerprint } from './sent-fingerprint.ts'

/**
 * Stores a fingerprint that came without its file. Under the name of a stored object it replaces that video, unless both
 * are equal.
 */
export async function storeSentFingerprint(context: JobContext, claimed: ClaimedJob): Promise<void> {
  const { db, pool } = context
  const { job, fence, signal } = claimed
  const { jobId, dnaDbId, bucket, region, object } = job
  const library = await requireLibrary(db, dnaDbId)
  const { etag, data, ...facts } = await requireSentFingerprint(context, jobId)
  const known = await findVideoByObject(db, { dnaDbId, bucket, object })
  const query = library.detectOnStore ? await queryOf(context, { data }, claimed) : null
  const earlier = { library, content: { bucket, object, etag }, query, known, facts }
  const conclusion = await detectEarlierVideos(context, earlier, claimed)
  if (known?.etag === etag) {
    const { videoId, durationSeconds } = known
    await completeJob(db, fence, { videoId, durationSeconds, ...conclusion })
  } else {
    const rows = await pool.run('indexRows', { data }, { signal })
    await findIgnoredPassages(context, { dnaDbId, etag, data }, claimed)
    const location = { dnaDbId, bucket, region, object, etag }
    const newVideoId = known === null ? videoIdOfJob(jobId) : null
    await storeVideo(
      context,
      {
        jobFence: fence,
        ...location,
        stored: { ...rows, data },
        facts,
        thumbnails: null,
        newVideoId,
        ...conclusion,
      },
      claimed,
    )
  }
  await discardSentFingerprint(db, jobId)
}
