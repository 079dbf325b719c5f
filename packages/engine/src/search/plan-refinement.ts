import { type CandidateHit, SAMPLING } from '@kinoprint/dna'
import type { TimeRange } from '../threads/tasks.ts'
import type { CandidateVideo, LibraryMatch } from './search-library.ts'
import { coveredMs, joinRanges, totalMs } from './time-ranges.ts'

/** A moment of the query, in milliseconds, that may match a video. */
export type QuerySeed = { readonly videoId: string; readonly queryMs: number }

/** Result of a search with the keyframes and the audio of a long file. */
export type KeyframeResult = {
  readonly matches: readonly LibraryMatch[]
  readonly hits: readonly CandidateHit[]
  /**
   * Seeds of all candidates if the library stores keyframes only. These rarely show the same moments as the keyframes of
   * a query, so even a weak seed is worth a refinement. Empty otherwise.
   */
  readonly seeds: readonly QuerySeed[]
  /** Times of the keyframes, ascending. */
  readonly timesMs: readonly number[]
  readonly durationMs: number
}

type Segment = LibraryMatch['segments'][number]

/** Ranges of the query in milliseconds, ascending and disjoint, or all of it. */
export type Refinement = readonly TimeRange[] | 'whole'

/** A boundary this close to an end of the query counts as that end. */
const END_TOLERANCE_MS = 500
/**
 * Length refined at each end of a segment: keyframes determine its boundaries only roughly, and the letterbox detection
 * needs at least eight frames.
 */
const SEGMENT_END_MS = 4000
/** Length refined inside a segment that no audio confirms, because look-alikes differ in how they move. */
const SAMPLE_MS = 5000
/** Positions of these samples, as shares of the segment; matches with a low score get three. */
const SAMPLE_POSITIONS = [0.5]
const WEAK_SAMPLE_POSITIONS = [0.25, 0.5, 0.75]
/** Length refined beyond the keyframe at which a segment may end, which is often the first frame of the next scene. */
const BEYOND_KEYFRAME_MS = 1000
/**
 * A range starts this long after a keyframe. ffmpeg seeks up to 130 ms before the time it receives, and ranges start at a
 * multiple of 250 ms. One that starts at a keyframe would be decoded from the keyframe before.
 */
const SEEK_MS = 400
/** Matches with a lower score are ignored. */
const MIN_SCORE = 0.05
/** Matches with a lower score need more samples. */
const STRONG_SCORE = 0.8
/** Unrelated frames differ in more than 92 of 256 bits. Closer ones may belong to a segment with too few keyframes. */
const NEAR_BITS = 64
/** Ranges closer than this are joined, because starting ffmpeg again costs as much as decoding the gap. */
const GAP_MS = 4000
/** If there are more ranges, or they cover a larger share of the query, the whole file is decoded at once. */
const MAX_RANGES = 12
const MAX_SHARE = 0.5

/**
 * Returns the ranges of a query for which the keyframes are inconclusive: all of it if they found nothing, otherwise
 * the ends of each segment, samples of segments without audio, and seeds and frames close to stored ones that no segment
 * covers.
 */
export function rangesToRefine(result: KeyframeResult): Refinement {
  const { matches, durationMs } = result
  const accepted = matches.filter((match) => match.accepted)
  if (accepted.length === 0) return 'whole'
  const segments = accepted.flatMap((match) => match.segments.filter(({ weak }) => !weak).map(queryRangeOf))
  const weak = matches
    .filter(({ score }) => score >= MIN_SCORE)
    .flatMap(weakSegmentsOf)
    .map(queryRangeOf)
    .filter(({ fromMs, toMs }) => !isExplained((fromMs + toMs) / 2, segments))
  const withVideo = videoRangesOf(accepted)
  return wholeIfLarge(
    [
      ...accepted.flatMap((match) => rangesOfMatch(match, { result, withVideo })),
      ...weak.map((range) => toKeyframes(range, result)),
      ...unexplainedHits(segments, result),
    ],
    durationMs,
  )
}

/** A refinement confirms the keyframes if the share of the query that it matches is smaller by at most this much. */
const LOST_SHARE = 0.05

/**
 * Whether a refinement found everything that the keyframes found, pictures included. If not, more of the file must be
 * decoded.
 */
export function isConfirmed(
  matches: readonly LibraryMatch[],
  refined: readonly LibraryMatch[],
  durationMs: number,
): boolean {
  const pictureShareOf = (match: LibraryMatch): number =>
    totalMs(joinRanges(videoRangesOf([match]), { durationMs, gapMs: 0 })) / durationMs
  return matches
    .filter((match) => match.accepted)
    .every((match) =>
      refined.some(
        (other) =>
          other.accepted &&
          other.videoId === match.videoId &&
          other.score >= STRONG_SCORE &&
          other.queryCoverage >= match.queryCoverage - LOST_SHARE &&
          pictureShareOf(other) >= pictureShareOf(match) - LOST_SHARE,
      ),
    )
}

/**
 * The refined ranges, with a sample of each segment whose picture matched. Its line is exact only if frames inside it
 * are known, and sound may match seconds beyond them. Null if the ranges cover all samples.
 */
export function addSamples(
  matches: readonly LibraryMatch[],
  { ranges, result }: { readonly ranges: readonly TimeRange[]; readonly result: KeyframeResult },
): Refinement | null {
  const accepted = videoRangesOf(matches.filter((match) => match.accepted))
  const samples = accepted
    .flatMap((range) => samplesOf(range, { positions: SAMPLE_POSITIONS, result }))
    .filter((sample) => coveredMs(sample, ranges) < totalMs([sample]))
  return samples.length > 0 ? wholeIfLarge([...ranges, ...samples], result.durationMs) : null
}

/**
 * The refined ranges, extended by two keyframes at each edge whose outermost frame is in a segment. Null if there is none.
 */
export function widenRanges(
  refined: readonly LibraryMatch[],
  { ranges, result }: { readonly ranges: readonly TimeRange[]; readonly result: KeyframeResult },
): Refinement | null {
  const { durationMs } = result
  const segments = videoRangesOf(refined.filter((match) => match.accepted))
  const isReached = (edge: keyof TimeRange, timeMs: number): boolean => {
    const frameMs = edge === 'fromMs' ? firstFrameMs(timeMs) : lastFrameMs(timeMs)
    const outside = edge === 'fromMs' ? -1 : 1
    return (
      timeMs > 0 &&
      timeMs < durationMs &&
      segments.some((segment) => {
        const beyondMs = outside * (segment[edge] - frameMs)
        return beyondMs >= 0 && beyondMs <= END_TOLERANCE_MS
      })
    )
  }
  const wider = ranges.map(({ fromMs, toMs }) => ({
    fromMs: isReached('fromMs', fromMs) ? twoKeyframesBefore(fromMs, result) : fromMs,
    toMs: isReached('toMs', toMs) ? beyondKeyframe(keyframeAfter(toMs, result), result) : toMs,
  }))
  const isWider = wider.some(
    ({ fromMs, toMs }, i) => fromMs !== ranges[i]?.fromMs || toMs !== ranges[i]?.toMs,
  )
  return isWider ? wholeIfLarge(wider, durationMs) : null
}

/**
 * The videos that a refinement is aligned with: those found so far, and those with a frame close to one of the query's.
 */
export function refinementCandidates({ matches, hits, seeds }: KeyframeResult): CandidateVideo[] {
  const videoIds = new Set([...matches, ...hits.filter(isNear), ...seeds].map(({ videoId }) => videoId))
  return [...videoIds].map((videoId) => ({ videoId }))
}

/** A range includes the frame at the multiple of the sampling interval up to its start. */
function firstFrameMs(fromMs: number): number {
  return SAMPLING.intervalMs * Math.floor(fromMs / SAMPLING.intervalMs)
}

function lastFrameMs(toMs: number): number {
  return SAMPLING.intervalMs * (Math.ceil(toMs / SAMPLING.intervalMs) - 1)
}

function wholeIfLarge(ranges: readonly TimeRange[], durationMs: number): Refinement {
  const joined = joinRanges(ranges, { durationMs, gapMs: GAP_MS })
  return joined.length > MAX_RANGES || totalMs(joined) > MAX_SHARE * durationMs ? 'whole' : joined
}

/**
 * The segments of a match that frames may still prove. A weak reading of sound beside a proven segment is mostly music
 * that returns, and all of the sound has been decoded.
 */
function weakSegmentsOf({ accepted, segments }: LibraryMatch): readonly Segment[] {
  return accepted ? segments.filter(({ weak, kind }) => weak && kind !== 'audio') : segments
}

function queryRangeOf({ queryStart, queryEnd }: Segment): TimeRange {
  return { fromMs: 1000 * queryStart, toMs: 1000 * queryEnd }
}

/** Ranges whose picture matched. If only the audio continues, further frames are no evidence. */
function videoRangesOf(matches: readonly LibraryMatch[]): TimeRange[] {
  return matches
    .flatMap(({ segments }) => segments)
    .filter(({ kind, weak }) => kind !== 'audio' && !weak)
    .map(queryRangeOf)
}

/** Times of segments are rounded to milliseconds. */
const ROUNDING_MS = 1
/** Audio boundaries are blurred by this much. */
const AUDIO_BLUR_MS = 2500
/**
 * If sound continues over more keyframes than this and no picture matches there, the pictures differ, and only their own
 * end is refined. Matches of fewer may have been missed.
 */
const MAX_UNSEEN = 2

type MatchedQuery = {
  readonly result: KeyframeResult
  /** Ranges whose picture matched in any video. */
  readonly withVideo: readonly TimeRange[]
}

/** Keyframes determine the ends of a segment to within seconds, so a tenth of it may be uncovered. */
const COVERED_SHARE = 0.9

function rangesOfMatch(
  { score, segments, pictures }: LibraryMatch,
  { result, withVideo }: MatchedQuery,
): TimeRange[] {
  return segments.flatMap((segment) => {
    if (segment.weak) return []
    const range = queryRangeOf(segment)
    // Keyframes miss short scenes, so the picture may also match where only the audio did. This is ruled out if the
    // picture is known to be from another video.
    if (segment.kind === 'audio') {
      const isCovered = coveredMs(range, withVideo) >= COVERED_SHARE * totalMs([range])
      return isCovered ? [] : [toKeyframes(range, result)]
    }
    // Faint pictures may go on unseen.
    const seen = segment.pictureScore < STRONG_SCORE ? range : picturesOf(range, pictures)
    const positions =
      score < STRONG_SCORE ? WEAK_SAMPLE_POSITIONS : segment.kind === 'video' ? SAMPLE_POSITIONS : []
    return [
      startOf(range, { seen, result }),
      endOf(range, { seen, result }),
      ...samplesOf(range, { positions, result }),
    ]
  })
}

/** The part of a segment that its pictures prove: of those inside it the longest. All of it if none is known. */
function picturesOf(segment: TimeRange, pictures: LibraryMatch['pictures']): TimeRange {
  const inside = pictures.filter(
    ({ fromMs, toMs }) => fromMs >= segment.fromMs - ROUNDING_MS && toMs <= segment.toMs + ROUNDING_MS,
  )
  const longest = [...inside].sort((a, b) => totalMs([b]) - totalMs([a]))[0]
  return longest === undefined
    ? segment
    : { fromMs: Math.max(longest.fromMs, segment.fromMs), toMs: Math.min(longest.toMs, segment.toMs) }
}

type SeenSegment = { readonly seen: TimeRange; readonly result: KeyframeResult }

/** Where the pictures of a segment may start, with enough of them to be compared. */
function startOf({ fromMs }: TimeRange, { seen, result }: SeenSegment): TimeRange {
  const isAtStart = fromMs <= END_TOLERANCE_MS
  const heardMs = isAtStart ? 0 : fromMs + AUDIO_BLUR_MS
  const unseen = result.timesMs.filter((ms) => ms >= heardMs && ms < seen.fromMs - KEYFRAME_TOLERANCE_MS)
  if (unseen.length === 0) {
    const start = isAtStart ? 0 : fromKeyframe(seen.fromMs, result)
    return { fromMs: start, toMs: Math.max(fromMs, start) + SEGMENT_END_MS }
  }
  const start = unseen.length > MAX_UNSEEN ? seen.fromMs : fromMs
  return { fromMs: fromKeyframe(start, result), toMs: seen.fromMs + SEGMENT_END_MS }
}

/** Where the pictures of a segment may end. */
function endOf({ toMs }: TimeRange, { seen, result }: SeenSegment): TimeRange {
  const isAtEnd = toMs >= result.durationMs - END_TOLERANCE_MS
  const heardMs = isAtEnd ? result.durationMs : toMs - AUDIO_BLUR_MS
  const unseen = result.timesMs.filter((ms) => ms <= heardMs && ms > seen.toMs + KEYFRAME_TOLERANCE_MS)
  if (unseen.length === 0) {
    const end = isAtEnd ? result.durationMs : keyframeAfter(seen.toMs, result)
    return {
      fromMs: Math.min(toMs, end) - SEGMENT_END_MS,
      toMs: isAtEnd ? end : Math.min(result.durationMs, end + BEYOND_KEYFRAME_MS),
    }
  }
  const end = unseen.length > MAX_UNSEEN ? seen.toMs : toMs
  return { fromMs: seen.toMs - SEGMENT_END_MS, toMs: beyondKeyframe(end, result) }
}

/** Ranges inside a segment, at the given shares of its length. */
function samplesOf(
  { fromMs, toMs }: TimeRange,
  { positions, result }: { readonly positions: readonly number[]; readonly result: KeyframeResult },
): TimeRange[] {
  return positions.map((position) => {
    const sampleMs = fromKeyframe(fromMs + position * (toMs - fromMs), result)
    return { fromMs: sampleMs, toMs: Math.min(sampleMs + SAMPLE_MS, toMs) }
  })
}

function unexplainedHits(segments: readonly TimeRange[], result: KeyframeResult): TimeRange[] {
  return [...result.hits.filter(isNear), ...result.seeds]
    .filter(({ queryMs }) => !isExplained(queryMs, segments))
    .map(({ queryMs }) => toKeyframes({ fromMs: queryMs, toMs: queryMs }, result))
}

function isNear({ kind, distance }: CandidateHit): boolean {
  return kind === 'video' && distance <= NEAR_BITS
}

function isExplained(timeMs: number, segments: readonly TimeRange[]): boolean {
  return segments.some(
    ({ fromMs, toMs }) => timeMs >= fromMs - END_TOLERANCE_MS && timeMs <= toMs + END_TOLERANCE_MS,
  )
}

/** Extends a range to the keyframes around it. */
function toKeyframes({ fromMs, toMs }: TimeRange, result: KeyframeResult): TimeRange {
  return { fromMs: keyframeBefore(fromMs, result), toMs: keyframeAfter(toMs, result) }
}

/** A boundary is half a sample before the first keyframe of its segment. */
const KEYFRAME_TOLERANCE_MS = 250

function keyframeBefore(timeMs: number, { timesMs }: KeyframeResult): number {
  return timesMs.findLast((keyframeMs) => keyframeMs < timeMs - KEYFRAME_TOLERANCE_MS) ?? 0
}

/** Where a range starts that is decoded from the keyframe before a time. */
function fromKeyframe(timeMs: number, result: KeyframeResult): number {
  const keyframeMs = keyframeBefore(timeMs, result)
  return keyframeMs > 0 ? keyframeMs + SEEK_MS : 0
}

function twoKeyframesBefore(timeMs: number, result: KeyframeResult): number {
  return fromKeyframe(keyframeBefore(timeMs - SEEK_MS, result), result)
}

function keyframeAfter(timeMs: number, { timesMs, durationMs }: KeyframeResult): number {
  return timesMs.find((keyframeMs) => keyframeMs > timeMs + KEYFRAME_TOLERANCE_MS) ?? durationMs
}

function beyondKeyframe(timeMs: number, result: KeyframeResult): number {
  return Math.min(result.durationMs, keyframeAfter(timeMs, result) + BEYOND_KEYFRAME_MS)
}
