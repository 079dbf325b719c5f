import type { SpectralPeaks } from '../audio/spectral-peaks.ts'
import type { LocalTrack } from '../local/local-track.ts'
import type { Crop } from '../picture/crops.ts'
import type { KeptFrames } from '../picture/frame-keeper.ts'
import type { FrameRuns } from '../picture/run-merger.ts'

/**
 * The fingerprint of one video, as the aligner uses it. Times are in milliseconds from the start of the presentation
 * (what a player shows as 0:00).
 *
 * It contains only numbers, arrays and typed arrays, so `structuredClone` and `postMessage` copy it unchanged. A search
 * can send it to a worker thread once instead of encoding it.
 */
export type Fingerprint = {
  /** Length of the presentation in seconds, decimal. */
  readonly durationSeconds: number
  readonly video: VideoTrack
  /** Crops and other transforms of the picture, hashed at a lower frame rate; absent if there are none. */
  readonly views?: readonly PictureView[]
  /** Keypoints of some frames; absent if there are none. */
  readonly local?: LocalTrack
  /** Some frames. Present only in the fingerprint of a newly created query, because they are not encoded. */
  readonly keptFrames?: KeptFrames
  /** Null if the file has no audio. */
  readonly audio: AudioTrack | null
}

/** Runs of frame hashes of the whole picture, excluding its letterbox. */
export type VideoTrack = FrameRuns & {
  /** Nominal sampling interval in milliseconds. Frames are further apart if the file has fewer. */
  readonly intervalMs: number
  /** The active picture (without black bars) in fractions of the frame's width and height: left, top, right, bottom. */
  readonly picture: readonly [number, number, number, number]
}

/** Runs of frame hashes of one view of the picture. */
export type PictureView = FrameRuns & {
  readonly intervalMs: number
  /**
   * Number of the view: below 32 for a stored crop (crops.ts), 32 and above for a view that only queries have
   * (query-views.ts).
   */
  readonly viewId: number
  /** The part of the frame that it shows, for a view that was detected in the footage (queries only). */
  readonly box?: Crop
}

/** Chromaprint sub-fingerprints. The first one starts at `startMs`. */
export type AudioTrack = {
  readonly startMs: number
  /** 32 bits each, one every 0.1238 s. */
  readonly items: Uint32Array
  /** Peaks of the spectrum, from which landmarks are made; spectrum 0 starts at `startMs`. */
  readonly peaks?: SpectralPeaks
  /**
   * Error rate of each of the 32 bits of each item in copies, in 256ths, top bit first. Present only in the fingerprint
   * of a newly created query, because it is not encoded.
   */
  readonly bitErrorRates?: Uint8Array
  /**
   * Compact spectra (compact-spectrum.ts) from which the items were made: one per item, and as many more as an item
   * spans. Present only in the fingerprint of a newly created query, because they are not encoded.
   */
  readonly spectra?: Uint8Array
}

/**
 * Nominal interval of a sparse video. Its frames are at least this far apart, at uneven times. Each stands only for the
 * moment it shows.
 */
export const SPARSE_INTERVAL_MS = 2000

/** Whether only keyframes of a video are known, instead of several frames a second. */
export function isSparseVideo({ intervalMs }: Pick<VideoTrack, 'intervalMs'>): boolean {
  return intervalMs >= SPARSE_INTERVAL_MS
}

const MAX_DURATION_SECONDS = 86_400

/** A duration in milliseconds that is safe to use for allocation: finite, not negative, at most 24 hours. */
export function usableDurationMs(seconds: number): number {
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), MAX_DURATION_SECONDS) * 1000 : 0
}
