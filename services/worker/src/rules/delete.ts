import { Fault } from '@kinoprint/core'
import { removeThumbnails } from '@kinoprint/objects'
import { deleteVideo } from '@kinoprint/store'
import type { JobContext, JobRun } from '../job-run.ts'

/** DeleteFingerPrint: the video matches nothing from now on. Its object need not exist any more. */
export const runDelete = async ({ db, thumbnailsDir }: JobContext, { job, fence }: JobRun): Promise<void> => {
  const { dnaDbId, videoId } = job
  if (videoId === null) throw new Fault('InvalidArgument', 'VideoId is missing.')
  // One transaction deletes the video and ends the job, so that a second delivery finds the job ended.
  const video = await deleteVideo(db, { dnaDbId, videoId, jobFence: fence })
  if (video === null) {
    throw new Fault('InvalidArgument', `Library ${dnaDbId} does not hold a video ${videoId}.`)
  }
  await removeThumbnails(thumbnailsDir, [videoId])
}
