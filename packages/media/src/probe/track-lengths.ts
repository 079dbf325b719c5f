import type { FfprobeStream } from './ffprobe-answer.ts'
import type { Movie } from './parse-movie.ts'
import type { Track } from './parse-track.ts'
import { refusal } from './refusal.ts'

/** Seconds that the fragments of each track cover, by track id; undefined where they were not read. */
export type FragmentSeconds = ReadonlyMap<number, number> | undefined

/** Headers round by less. */
const ROUNDING_SECONDS = 1

/** What the samples of a track add up to, in seconds; undefined where that is not known. */
const samplesOf = (track: Track | undefined, fragments: FragmentSeconds): number | undefined => {
  const seconds = track?.sampleSeconds ?? (track === undefined ? undefined : fragments?.get(track.id))
  return seconds !== undefined && seconds > 0 ? seconds : undefined
}

/** How long a stream plays: as its header says, unless the header says "unknown" or what the samples refute. */
export const streamSeconds = (
  { duration }: FfprobeStream,
  {
    track,
    fragments,
    maxSeconds,
  }: { readonly track: Track | undefined; readonly fragments: FragmentSeconds; readonly maxSeconds: number },
): number | undefined => {
  const claimed = Number(duration) > 0 ? Number(duration) : undefined
  const samples = samplesOf(track, fragments)
  const isUnknown = track !== undefined && track.claimedSeconds === undefined
  if (samples === undefined)
    return isUnknown && claimed !== undefined && claimed >= maxSeconds ? undefined : claimed
  if (claimed === undefined) return samples
  const isRefuted = claimed > samples + ROUNDING_SECONDS && (isUnknown || claimed >= maxSeconds)
  return isRefuted ? samples : claimed
}

/** True where only the fragments can tell how long a video is. */
export const needsFragments = ({ isFragmented, tracks, claims }: Movie, maxSeconds: number): boolean =>
  isFragmented &&
  [...claims, ...tracks.map(({ claimedSeconds }) => claimedSeconds)].some(
    (claim) => claim === undefined || claim >= maxSeconds,
  )

export type LengthClaims = {
  readonly movie: Movie
  readonly fragments: FragmentSeconds
  /** What ffprobe says of the whole. */
  readonly format: number | undefined
  /** Where the streams that are used end. */
  readonly end: number | undefined
  readonly maxSeconds: number
}

/**
 * Refuses a video that is too long, and one whose headers all say so although its samples do not. A header that only
 * says "unknown", or that another header and the samples refute, is not believed.
 */
export const refuseLength = ({ movie, fragments, format, end, maxSeconds }: LengthClaims): void => {
  if (end !== undefined && end >= maxSeconds)
    throw tooLong(`The video runs for ${end.toFixed(1)} s.`, maxSeconds)
  const tracks = movie.tracks.filter(({ handler }) => handler === 'vide' || handler === 'soun')
  const claims = [...movie.claims, ...tracks.flatMap(({ claimedSeconds }) => claimedSeconds ?? [])]
  const areSamplesKnown = tracks.some((track) => samplesOf(track, fragments) !== undefined)
  // Without an index that can be read here, what ffprobe says is all there is.
  if (movie.tracks.length === 0 && format !== undefined) claims.push(format)
  const claimed = areSamplesKnown ? Math.min(...claims) : Math.max(...claims)
  if (claims.length === 0 || claimed < maxSeconds) return
  throw tooLong(`The header says ${claimed.toFixed(1)} s.`, maxSeconds)
}

const tooLong = (found: string, maxSeconds: number): Error =>
  refusal(found, `Videos must be shorter than ${maxSeconds} s. Cut the video first.`)
