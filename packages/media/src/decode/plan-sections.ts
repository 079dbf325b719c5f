import { formatTraits } from '../formats/formats.ts'
import type { MediaInfo } from '../media-info.ts'
import { keyframesBefore } from '../probe/keyframes-before.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import type { DecodedFrames } from './decode-arguments.ts'

/** A part of a video, in whole seconds of the presentation, which every time base can express. */
export type Section = {
  readonly fromSeconds: number
  /** Undefined for the last section, which runs to the end of the file. */
  readonly toSeconds: number | undefined
}

/** Number of pixels from which another decoder saves time: 30 s of 1080p at 30 fps. Starting one costs 0.1 s. */
const MIN_PIXELS = 1920 * 1080 * 30 * 30
/**
 * Number of pixels from which a second thread of one decoder saves time: 5 s of 1080p. Measured CPU time: 10 s of 360p
 * cost 0.18 s with two threads and 0.14 s with one; the keyframes of five minutes of 1080p cost 1.3 s and 1.0 s.
 */
const MIN_PIXELS_FOR_THREADS = 1920 * 1080 * 30 * 5
const MAX_DECODERS = 4
/** Seconds of frames that may be buffered, for all sections together, if keyframes are evenly spaced: 27 MB. */
const BUFFERED_SECONDS = 180
/** A section ends at the keyframe after its split, which is up to this much later. */
const SPLIT_TOLERANCE_SECONDS = 20

/** Number of decoders that run in parallel. */
export function decoderCountFor(threads: number): number {
  return Math.min(threads, MAX_DECODERS)
}

/** Threads for one decoder: all if the video is large enough to benefit from them, otherwise one. */
export function threadsThatPay(
  { durationSeconds = Number.POSITIVE_INFINITY, width, height, frameRate }: MediaInfo,
  { threads, frames }: { readonly threads: number; readonly frames: DecodedFrames },
): number {
  const isSmall = durationSeconds * frameRate * width * height < MIN_PIXELS_FOR_THREADS
  return frames === 'keyframes' || isSmall ? 1 : threads
}

/**
 * Where to split a video, in seconds, for single-threaded decoders that run in parallel; empty if that would not be
 * faster. One decoder with two threads takes a tenth more CPU time than one with one for the same frames (measured:
 * H.264, HEVC, 1080p), and leaves a fifth of the second core idle.
 */
export function wantedSplits(
  { durationSeconds = 0, width, height, frameRate, missingBytes }: MediaInfo,
  threads: number,
): readonly number[] {
  const decoders = decoderCountFor(threads)
  const count = sectionCountFor(durationSeconds, decoders)
  const seconds = durationSeconds / count
  if (decoders < 2 || missingBytes > 0 || !(seconds * frameRate * width * height >= MIN_PIXELS)) return []
  return Array.from({ length: count - 1 }, (_, n) => Math.round((n + 1) * seconds))
}

/** One section for each decoder if all but one may be buffered, because starting a decoder costs 75 ms of CPU. */
function sectionCountFor(durationSeconds: number, decoders: number): number {
  const buffered = (durationSeconds * (decoders - 1)) / decoders
  if (buffered <= BUFFERED_SECONDS - SPLIT_TOLERANCE_SECONDS) return decoders
  const longest = BUFFERED_SECONDS / decoders
  return decoders * Math.ceil(durationSeconds / longest / decoders)
}

/** Returns sections that begin at the first whole second from each keyframe on. */
export function sectionsAt(keyframes: readonly number[]): readonly Section[] {
  const splits = [...new Set(keyframes.map((time) => Math.ceil(time - 0.001)))]
    .filter((time) => time > 0)
    .sort((a, b) => a - b)
  return [0, ...splits].map((fromSeconds, n) => ({ fromSeconds, toSeconds: splits[n] }))
}

export type SectionOptions = {
  readonly info: MediaInfo
  readonly threads?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Returns one section if splitting is not worthwhile, or if the file's index does not list its keyframes. */
export async function planSections(
  tools: Tools,
  path: string,
  { info, threads = 1, signal }: SectionOptions,
): Promise<readonly Section[]> {
  const seconds = wantedSplits(info, threads)
  if (seconds.length === 0 || !formatTraits[info.format].isSeekable) return sectionsAt([])
  const keyframes = await keyframesBefore(tools, path, { info, seconds, signal }).catch(() => [])
  const sections = sectionsAt(keyframes)
  return areShortEnough(sections, info, threads) ? sections : sectionsAt([])
}

/** With keyframes minutes apart, a section may be so long that too many frames would be buffered. */
export function areShortEnough(
  sections: readonly Section[],
  { durationSeconds = 0 }: Pick<MediaInfo, 'durationSeconds'>,
  threads: number,
): boolean {
  return sections.every(
    ({ fromSeconds, toSeconds = durationSeconds }) =>
      toSeconds - fromSeconds <= (2 * BUFFERED_SECONDS) / decoderCountFor(threads),
  )
}
