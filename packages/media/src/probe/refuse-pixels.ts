import type { MediaInfo } from '../media-info.ts'
import { refusal } from './refusal.ts'

/** 3840x2160 at 30 frames a second: a video may hold as many pixels as one of this size that is as long as any may be. */
const MEAN_PIXELS_PER_SECOND = 3840 * 2160 * 30

/** What high-speed cameras write at most: an index that counts more frames is damaged, or made to be. */
const MAX_FRAME_RATE = 1000

type Claims = Pick<
  MediaInfo,
  'width' | 'height' | 'frameRate' | 'durationSeconds' | 'videoDurationSeconds'
> & {
  /** Of the picture stream, as the index counts them; undefined where it does not. */
  readonly frames: number | undefined
}

/**
 * Refuses a video whose header promises more to decode than any may hold: a few megabytes can be hours of work. One that
 * promises less than it holds is ended by the limit on processor time, which follows from the same figures.
 */
export const refusePixels = (claims: Claims, maxSeconds: number): void => {
  const { width, height } = claims
  const frames = framesOf(claims)
  const pixels = width * height * frames
  const most = MEAN_PIXELS_PER_SECOND * maxSeconds
  if (pixels <= most) return
  const seconds = lengthOf(claims)
  if (seconds !== undefined && frames > MAX_FRAME_RATE * seconds) {
    throw refusal(`The MP4 header counts ${frames} frames in ${seconds.toFixed(1)} s.`, 'Re-encode the file.')
  }
  throw refusal(
    `The video has ${Math.round(frames)} frames of ${width}x${height}, ${gigapixels(pixels)} in all.`,
    `At most ${gigapixels(most)} are supported. Scale it down, or lower its frame rate.`,
  )
}

/** The larger of what the index counts and what the frame rate makes of the length. */
const framesOf = (claims: Claims): number =>
  Math.max(claims.frames ?? 0, claims.frameRate * (lengthOf(claims) ?? 0))

const lengthOf = ({ durationSeconds, videoDurationSeconds }: Claims): number | undefined =>
  videoDurationSeconds ?? durationSeconds

const gigapixels = (pixels: number): string => `${Math.round(pixels / 1e9)} gigapixels`
