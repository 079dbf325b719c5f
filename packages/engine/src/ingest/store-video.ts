import { FORMAT_VERSION } from '@kinoprint/dna'
import { removeThumbnails } from '@kinoprint/objects'
import {
  discardFingerprint,
  type Publication,
  publishVideo,
  stageFingerprint,
  type Video,
} from '@kinoprint/store'
import type { WorkContext, WorkOptions } from '../context.ts'
import type { FileFingerprint } from '../threads/tasks.ts'
import type { Stills } from './thumbnails.ts'

/** What the library keeps of a file. */
export type StorableFingerprint = Pick<
  FileFingerprint,
  'data' | 'keyframes' | 'audioWindows' | 'durationSeconds' | 'width' | 'height' | 'hasAudio' | 'frameCount'
>

export type NewVideo = Pick<Publication, 'jobFence' | 'dnaDbId' | 'bucket' | 'region' | 'object' | 'etag'> & {
  readonly fingerprint: StorableFingerprint
  /** Made while the file was fingerprinted. */
  readonly stills: Stills | null
  /** The id that the video will have, where that is certain before it is published. */
  readonly newVideoId: string | null
  /** What the library held already that resembles it; becomes the job's result. */
  readonly detections: NonNullable<Publication['result']>['detections']
}

/**
 * Puts a fingerprinted file into a library: the fingerprint in small steps that nobody sees, then all of it at once.
 * From that moment on it is found. Whatever fails on the way leaves nothing behind but the stills, which are the
 * caller's to discard.
 */
export const storeVideo = async (
  context: WorkContext,
  { fingerprint, stills, newVideoId, detections, ...place }: NewVideo,
  { signal, report }: WorkOptions,
): Promise<Video> => {
  const { db, log } = context
  let fingerprintId: number | null = null
  try {
    const { data, keyframes, audioWindows } = fingerprint
    const onProgress = (fraction: number): void => report('store', fraction)
    onProgress(0)
    fingerprintId = await stageFingerprint(db, {
      dnaDbId: place.dnaDbId,
      format: FORMAT_VERSION,
      data,
      video: keyframes,
      audio: audioWindows,
      onProgress,
      signal,
    })
    signal.throwIfAborted()
    const { durationSeconds, width, height, hasAudio, frameCount } = fingerprint
    const facts = { durationSeconds, width, height, hasAudio, frameCount }
    const result = { durationSeconds, detections }
    // In place before anybody can ask for them; those of a video that is replaced stay until it is.
    if (newVideoId !== null) await stills?.keep(newVideoId)
    const video = await publishVideo(db, { ...place, ...facts, fingerprintId, result })
    // Without any, those that are there show what the video was before.
    if (stills === null)
      await removeThumbnails(context.thumbnailsDir, [video.videoId]).catch(warnOfThumbnails(log))
    else await stills.keep(video.videoId)
    return video
  } catch (error) {
    if (fingerprintId !== null) {
      // Should this fail too (the database is away), the reconciler sweeps it up later.
      await discardFingerprint(db, fingerprintId).catch((cause: unknown) =>
        log.warn(
          { err: cause, fingerprintId },
          'A fingerprint that was not published could not be discarded',
        ),
      )
    }
    throw error
  }
}

const warnOfThumbnails =
  (log: WorkContext['log']) =>
  (err: unknown): void =>
    log.warn({ err }, 'The old thumbnails of a video could not be removed')
