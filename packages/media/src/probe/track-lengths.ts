import type { FfprobeStream } from './ffprobe-output.ts'
import type { Movie } from './parse-movie.ts'
import type { Track } from './parse-track.ts'
import { refusal } from './refusal.ts'

/** Seconds that the fragments of each track cover, by track id; undefined if they were not read. */
export type FragmentSeconds = ReadonlyMap<number, number> | undefined

/** Headers are rounded by less than this. */
const ROUNDING_SECONDS = 1

/** Sum of a track's samples in seconds; undefined if unknown. */
function sampleSecondsOf(track: Track | undefined, fragments: FragmentSeconds): number | undefined {
  const seconds = track?.sampleSeconds ?? (track === undefined ? undefined : fragments?.get(track.id))
  return seconds !== undefined && seconds > 0 ? seconds : undefined
}

type StreamContext = {
  readonly track: Track | undefined
  readonly fragments: FragmentSeconds
  readonly maxSeconds: number
}

/** Length of a stream: the header's, unless that is "unknown" or the samples contradict it. */
export function streamSeconds(
  { duration }: FfprobeStream,
  { track, fragments, maxSeconds }: StreamContext,
): number | undefined {
  const stated = Number(duration) > 0 ? Number(duration) : undefined
  const samples = sampleSecondsOf(track, fragments)
  const isUnknown = track !== undefined && track.statedSeconds === undefined
  if (samples === undefined)
    return isUnknown && stated !== undefined && stated >= maxSeconds ? undefined : stated
  if (stated === undefined) return samples
  const isWrong = stated > samples + ROUNDING_SECONDS && (isUnknown || stated >= maxSeconds)
  return isWrong ? samples : stated
}

/** Whether only the fragments reveal the length of a video. */
export function needsFragments({ isFragmented, tracks, statedSeconds }: Movie, maxSeconds: number): boolean {
  const stated = [...statedSeconds, ...tracks.map((track) => track.statedSeconds)]
  return isFragmented && stated.some((seconds) => seconds === undefined || seconds >= maxSeconds)
}

export type StatedLengths = {
  readonly movie: Movie
  readonly fragments: FragmentSeconds
  /** ffprobe's length of the whole file. */
  readonly format: number | undefined
  /** Where the selected streams end. */
  readonly end: number | undefined
  readonly maxSeconds: number
}

/**
 * Refuses a video that is too long, or too long by all of its headers. Ignores a header that states "unknown", or that
 * another header and the samples contradict.
 */
export function refuseLength({ movie, fragments, format, end, maxSeconds }: StatedLengths): void {
  if (end !== undefined && end >= maxSeconds)
    throw tooLong(`The video runs for ${end.toFixed(1)} s.`, maxSeconds)
  const tracks = movie.tracks.filter(({ handler }) => handler === 'vide' || handler === 'soun')
  const stated = [...movie.statedSeconds, ...tracks.flatMap(({ statedSeconds }) => statedSeconds ?? [])]
  const areSamplesKnown = tracks.some((track) => sampleSecondsOf(track, fragments) !== undefined)
  // If the index cannot be read here, ffprobe's length is the only one available.
  if (movie.tracks.length === 0 && format !== undefined) stated.push(format)
  const length = areSamplesKnown ? Math.min(...stated) : Math.max(...stated)
  if (stated.length === 0 || length < maxSeconds) return
  throw tooLong(`The header states a length of ${length.toFixed(1)} s.`, maxSeconds)
}

function tooLong(found: string, maxSeconds: number): Error {
  return refusal(found, `Videos must be shorter than ${maxSeconds} s. Cut the video first.`)
}
