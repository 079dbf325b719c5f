import type { FrameRuns } from '../picture/run-merger.ts'

/**
 * The fingerprint of one video, as the aligner uses it. Times are in milliseconds from the start of the presentation
 * (what a player shows as 0:00).
 *
 * It holds only numbers, arrays and typed arrays, so `structuredClone` and `postMessage` copy it as it is: a search can
 * send it to a worker thread once instead of encoding it.
 */
export type Fingerprint = {
  /** Length of the presentation in seconds, decimal. */
  readonly durationSeconds: number
  readonly video: VideoTrack
  /** Crops and other transforms of the picture, hashed at a lower frame rate; absent where none were made. */
  readonly views?: readonly PictureView[]
  /** Null where the file has no audio. */
  readonly audio: AudioTrack | null
}

/** Runs of frame hashes of the whole picture, without its letterbox. */
export type VideoTrack = FrameRuns & {
  /** Nominal sampling interval in milliseconds. Frames are further apart where the file has fewer. */
  readonly intervalMs: number
  /** The active picture (without black bars) in fractions of the frame's width and height: left, top, right, bottom. */
  readonly picture: readonly [number, number, number, number]
}

/** Runs of frame hashes of one view of the picture. */
export type PictureView = FrameRuns & {
  readonly intervalMs: number
  /** Number of the view: below 32 a stored crop (crops.ts), from 32 on a view that only queries have (query-views.ts). */
  readonly viewId: number
}

/** Chromaprint sub-fingerprints, the first one starting at `startMs`. */
export type AudioTrack = {
  readonly startMs: number
  /** 32 bits each, one every 0.1238 s. */
  readonly items: Uint32Array
  /**
   * How often each of the 32 bits of each item differs in a copy, in 256ths, top bit first. Only in the fingerprint of a
   * query that was just made: it is not encoded.
   */
  readonly bitErrorRates?: Uint8Array
}

const MAX_DURATION_SECONDS = 86_400

/** A duration in milliseconds that is safe to allocate for: finite, not negative, at most 24 hours. */
export function usableDurationMs(seconds: number): number {
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), MAX_DURATION_SECONDS) * 1000 : 0
}
