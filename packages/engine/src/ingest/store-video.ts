import { formatVersionOf } from '@kinoprint/dna'
import { removeThumbnails } from '@kinoprint/objects'
import {
  discardFingerprint,
  type Publication,
  publishVideo,
  stageFingerprint,
  type Video,
} from '@kinoprint/store'
import type { WorkContext, WorkOptions } from '../context.ts'
import { logFailure } from '../log-failure.ts'
import type { IngestedFile } from '../threads/tasks.ts'
import type { ThumbnailFolder } from './thumbnails.ts'

export type NewVideo = Pick<
  Publication,
  'jobFence' | 'dnaDbId' | 'bucket' | 'region' | 'object' | 'etag' | 'findings' | 'wantedVideoId'
> &
  Pick<IngestedFile, 'stored' | 'facts'> & {
    /** Created while the file was decoded; null if there are none. */
    readonly thumbnails: ThumbnailFolder | null
    /** The id that the video will have, if known before publication. */
    readonly newVideoId: string | null
    /** Earlier videos of the library that resemble this one, which become the result of the job. */
    readonly detections: NonNullable<Publication['result']>['detections']
    /** Shards whose videos were not compared with this one. */
    readonly missingShards?: readonly string[] | undefined
  }

/**
 * Stores an ingested file in a library. The fingerprint is staged in small steps that no search sees, then published in
 * one transaction, after which searches find the video. A failure leaves only the thumbnails behind, which the caller
 * discards.
 */
export async function storeVideo(
  context: Pick<WorkContext, 'db' | 'log' | 'thumbnailsDir'>,
  { stored, facts, thumbnails, newVideoId, detections, missingShards, ...location }: NewVideo,
  { signal, onProgress }: WorkOptions,
): Promise<Video> {
  const { db, log, thumbnailsDir } = context
  let fingerprintId: number | null = null
  try {
    onProgress('store', 0)
    fingerprintId = await stageFingerprint(db, {
      dnaDbId: location.dnaDbId,
      format: formatVersionOf(stored.data),
      ...stored,
      onProgress: (fraction) => onProgress('store', fraction),
      signal,
    })
    signal.throwIfAborted()
    const result = { durationSeconds: facts.durationSeconds, detections, missingShards }
    // New thumbnails are published before any client can request them. Those of a replaced video stay until it is
    // replaced.
    if (newVideoId !== null) await thumbnails?.publish(newVideoId)
    const video = await publishVideo(db, { ...location, ...facts, fingerprintId, result })
    if (thumbnails !== null) await thumbnails.publish(video.videoId)
    else
      await removeOldThumbnails(thumbnailsDir, video.videoId).catch((err: unknown) =>
        log.warn({ err, videoId: video.videoId }, 'Could not remove the old thumbnails of a video'),
      )
    return video
  } catch (error) {
    if (fingerprintId !== null) {
      // If this fails too, the reconciler removes the fingerprint later.
      await discardFingerprint(db, fingerprintId).catch((cause: unknown) =>
        logFailure(log, cause, {
          message: 'Could not discard an unpublished fingerprint',
          fields: { fingerprintId },
        }),
      )
    }
    throw error
  }
}

/** Without new thumbnails, the old ones would show the previous content. */
function removeOldThumbnails(thumbnailsDir: string | null, videoId: string): Promise<void> {
  return removeThumbnails(thumbnailsDir, [videoId])
}
