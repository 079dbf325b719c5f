import type { MediaInfo } from '../media-info.ts'
import { refusal } from './refusal.ts'

/** 3840x2160 at 30 fps: a video may have at most as many pixels as such a video of the maximum length. */
const MEAN_PIXELS_PER_SECOND = 3840 * 2160 * 30

/** The highest rate that high-speed cameras write. An index that counts more frames is damaged or malicious. */
const MAX_FRAME_RATE = 1000

type StatedSize = Pick<
  MediaInfo,
  'width' | 'height' | 'frameRate' | 'durationSeconds' | 'videoDurationSeconds'
> & {
  /** Number of frames of the video stream according to the index; undefined if it does not count them. */
  readonly frames: number | undefined
}

/**
 * Refuses a video whose header states more pixels than allowed, because a few megabytes can mean hours of work. A video
 * with more pixels than it states is stopped by the CPU time limit, which is based on the same figures.
 */
export function refusePixels(stated: StatedSize, maxSeconds: number): void {
  const { width, height } = stated
  const frames = framesOf(stated)
  const pixels = width * height * frames
  const most = MEAN_PIXELS_PER_SECOND * maxSeconds
  if (pixels <= most) return
  const seconds = lengthOf(stated)
  if (seconds !== undefined && frames > MAX_FRAME_RATE * seconds) {
    throw refusal(`The MP4 header counts ${frames} frames in ${seconds.toFixed(1)} s.`, 'Re-encode the file.')
  }
  throw refusal(
    `The video has ${Math.round(frames)} frames of ${width}x${height}, ${gigapixels(pixels)} in total.`,
    `At most ${gigapixels(most)} are supported. Scale it down, or lower its frame rate.`,
  )
}

/** The frame count in the index, or frame rate times length if that is larger. */
function framesOf(stated: StatedSize): number {
  return Math.max(stated.frames ?? 0, stated.frameRate * (lengthOf(stated) ?? 0))
}

function lengthOf({ durationSeconds, videoDurationSeconds }: StatedSize): number | undefined {
  return videoDurationSeconds ?? durationSeconds
}

function gigapixels(pixels: number): string {
  return `${Math.round(pixels / 1e9)} gigapixels`
}
