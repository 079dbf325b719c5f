import { Fault } from '@kinoprint/core'
import { removeThumbnails } from '@kinoprint/objects'
import { deleteVideo } from '@kinoprint/store'
import type { ClaimedJob, JobContext } from './job-context.ts'

/** DeleteFingerPrint: removes a video from its library. Its object need not exist. */
export async function runDeleteVideoJob(
  { db, thumbnailsDir }: JobContext,
  { job, fence }: ClaimedJob,
): Promise<void> {
  const { dnaDbId, videoId } = job
  if (videoId === null) throw new Fault('InvalidArgument', 'VideoId is missing.')
  // One transaction deletes the video and finishes the job, so a second delivery finds the job finished.
  const video = await deleteVideo(db, { dnaDbId, videoId, jobFence: fence })
  if (video === null) {
    throw new Fault('InvalidArgument', `Library ${dnaDbId} has no video ${videoId}.`)
  }
  await removeThumbnails(thumbnailsDir, [videoId])
}
