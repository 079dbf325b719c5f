import type { MediaInfo } from '../media-info.ts'
import { keyframesBefore } from '../probe/keyframes-before.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import type { DecodedFrames } from './decode-arguments.ts'

/** A part of a video in whole seconds of the presentation, so that each clock of a file can say it. */
export type Piece = {
  readonly fromSeconds: number
  /** Undefined for the last one, which goes to the end, wherever that is. */
  readonly toSeconds: number | undefined
}

/** A decoder of its own pays from so many pixels on, 30 s of 1080p at 30 frames a second: starting one costs .1 s. */
const LEAST_PIXELS = 1920 * 1080 * 30 * 30
/**
 * A second thread of one decoder pays from so many on, 5 s of 1080p. Measured: with it 10 s of 360 lines cost .18 s of
 * processor time where one thread takes .14, and the keyframes of five minutes of 1080p 1.3 s where it takes 1.0.
 */
const LEAST_PIXELS_FOR_THREADS = 1920 * 1080 * 30 * 5
/** Decoders side by side, at most. */
const MAX_LANES = 4
/** Seconds of frames that may wait for those before them, all pieces together, where keyframes are even: 27 MB. */
const WAITING_SECONDS = 180

export const lanesFor = (threads: number): number => Math.min(threads, MAX_LANES)

/** How many of the threads that it may have a single decoder is given. */
export const threadsThatPay = (
  { durationSeconds = Number.POSITIVE_INFINITY, width, height, frameRate }: MediaInfo,
  { threads, frames }: { readonly threads: number; readonly frames: DecodedFrames },
): number =>
  frames === 'keyframes' || durationSeconds * frameRate * width * height < LEAST_PIXELS_FOR_THREADS
    ? 1
    : threads

/**
 * Where to cut a video for decoders that work side by side, each with a thread of its own; none where it does not pay.
 * One decoder with two threads takes a tenth more of processor time for the same frames than one with one (measured:
 * H.264, HEVC, 1080p), and leaves a fifth of the second core idle.
 */
export const piecesWanted = (
  { durationSeconds = 0, width, height, frameRate, missingBytes }: MediaInfo,
  threads: number,
): readonly number[] => {
  const lanes = lanesFor(threads)
  const longest = WAITING_SECONDS / lanes
  const count = lanes * Math.ceil(durationSeconds / longest / lanes)
  const seconds = durationSeconds / count
  if (lanes < 2 || missingBytes > 0 || !(seconds * frameRate * width * height >= LEAST_PIXELS)) return []
  return Array.from({ length: count - 1 }, (_, n) => Math.round((n + 1) * seconds))
}

/** Moves each wanted cut to the keyframe before it, as whole seconds: what lies between is decoded twice. */
export const piecesAt = (keyframes: readonly number[]): readonly Piece[] => {
  const cuts = [...new Set(keyframes.map((time) => Math.ceil(time - 0.001)))]
    .filter((time) => time > 0)
    .sort((a, b) => a - b)
  return [0, ...cuts].map((fromSeconds, n) => ({ fromSeconds, toSeconds: cuts[n] }))
}

export type PieceOptions = {
  readonly info: MediaInfo
  readonly threads?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** One piece alone where cutting does not pay, or where the file's keyframes do not tell where. */
export const planPieces = async (
  tools: Tools,
  path: string,
  { info, threads = 1, signal }: PieceOptions,
): Promise<readonly Piece[]> => {
  const seconds = piecesWanted(info, threads)
  if (seconds.length === 0) return piecesAt([])
  const keyframes = await keyframesBefore(tools, path, { info, seconds, signal }).catch(() => [])
  const pieces = piecesAt(keyframes)
  return areEven(pieces, info, threads) ? pieces : piecesAt([])
}

/** With keyframes minutes apart a piece may be so long that too much would wait for it, or in it. */
export const areEven = (
  pieces: readonly Piece[],
  { durationSeconds = 0 }: Pick<MediaInfo, 'durationSeconds'>,
  threads: number,
): boolean =>
  pieces.every(
    ({ fromSeconds, toSeconds = durationSeconds }) =>
      toSeconds - fromSeconds <= (2 * WAITING_SECONDS) / lanesFor(threads),
  )
