import { videoIdOfJob } from '@kinoprint/core'
import { storeVideo, wholeQuery } from '@kinoprint/engine'
import { completeJob, discardSentFingerprint, findVideoByObject } from '@kinoprint/store'
import { detectEarlierVideos, findIgnoredPassages, isToBeStored, needsSearch } from './earlier-videos.ts'
import type { ClaimedJob, JobContext } from './job-context.ts'
import { requireLibrary } from './job-input.ts'
import { keepQuery } from './keep-query.ts'
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
  const query = needsSearch(library, claimed) ? await queryOf(context, { data }, claimed) : null
  const earlier = { library, content: { bucket, object, etag }, query, known, facts }
  const conclusion = await detectEarlierVideos(context, earlier, claimed)
  const { durationSeconds } = facts
  await findIgnoredPassages(context, { dnaDbId, etag, data }, claimed)
  if (known?.etag === etag) {
    await completeJob(db, fence, { videoId: known.videoId, durationSeconds, stored: true, ...conclusion })
  } else if (!(await isToBeStored(context, { library, durationSeconds, conclusion }, claimed))) {
    if (query !== null)
      await keepQuery(context, { etag, facts, query: wholeQuery(query.fingerprint) }, claimed)
    await completeJob(db, fence, {
      videoId: videoIdOfJob(jobId),
      durationSeconds,
      stored: false,
      ...conclusion,
    })
  } else {
    const rows = await pool.run('indexRows', { data }, { signal })
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
