import { audioTimelineOf } from '../fingerprint/audio-timeline.ts'
import { type Fingerprint, usableDurationMs } from '../fingerprint/fingerprint.ts'
import { isStill } from '../fingerprint/still.ts'
import type { SeedAlignment } from '../index/rank-candidates.ts'
import { alignAudio } from './audio/align-audio.ts'
import { alignLandmarks } from './audio/align-landmarks.ts'
import { audioSegments } from './audio/audio-segments.ts'
import { weighRecurringAudio } from './audio/recurring-audio.ts'
import { weighStaticSegments } from './audio/static-segments.ts'
import { alignFrames } from './frames/align-frames.ts'
import { frameTimelinesOf } from './frames/frame-timelines.ts'
import { likelySeeds } from './likely-seeds.ts'
import { remembered } from './lines/remembered.ts'
import { withKeypoints } from './local/align-keypoints.ts'
import { traceFrames } from './passages/trace-frames.ts'
import { joinTracks } from './segments/join-tracks.ts'
import { pairScore } from './segments/pair-score.ts'
import type { MatchWithPictures, PairMatch, Segment, TrackSegment } from './segments/segment.ts'
import { suppressRepeats } from './segments/suppress-repeats.ts'
import { swapSides } from './segments/swap-sides.ts'
import { dropWeakSegments, markWeakReadings, toSegment } from './segments/to-segment.ts'
import { matchStill } from './stills/match-still.ts'

/** Minimum score of a reported pair. The strongest wrong pair of the accuracy bench (312 queries) reaches 0.37. */
export const ACCEPT_SCORE = 0.45

type MatchOptions = {
  /** Returns the most likely alignment if nothing is proven. */
  readonly includeWeak?: boolean
  /** Likely alignments, from the candidate index. If absent, they are found by comparing both fingerprints. */
  readonly seeds?: readonly SeedAlignment[] | undefined
}

/**
 * Finds what a query shares with a reference: segments whose frames, audio or both match over time. Pure and
 * deterministic. Takes milliseconds for a clip, and up to a few seconds for two 30-minute videos.
 *
 * Returns no segments if nothing is proven, unless `includeWeak` requests the most likely alignment. Its score is far
 * below the acceptance threshold.
 *
 * @example
 * const match = matchFingerprints(query, reference)
 * if (match.accepted) for (const { queryStart, refStart } of match.segments) report(queryStart, refStart)
 */
export function matchFingerprints(
  query: Fingerprint,
  ref: Fingerprint,
  options: MatchOptions = {},
): PairMatch {
  const { pictures: _, ...match } = matchWithPictures(query, ref, options)
  return match
}

/** As `matchFingerprints`, with the ranges of the query that pictures prove. A still has none. */
export function matchWithPictures(
  query: Fingerprint,
  ref: Fingerprint,
  { includeWeak = false, seeds }: MatchOptions = {},
): MatchWithPictures {
  if (isStill(query)) return { ...matchStill(query, ref), pictures: [] }
  if (isStill(ref)) return { ...swapSides(matchStill(ref, query)), pictures: [] }
  const timelines = { query: rememberedTimelinesOf(query), ref: frameTimelinesOf(ref) }
  const queryAudio = audioTimelineOf(query)
  const refAudio = audioTimelineOf(ref)
  const whole = suppressRepeats(audioSegments(query, ref, seeds))
  const masked = suppressRepeats(alignLandmarks(query, ref))
  let audio = weighRecurringAudio([...whole, ...masked], refAudio)
  const frameSeeds = seeds?.filter(({ audioVariant }) => audioVariant === undefined)
  const found = alignFrames(timelines.query, timelines.ref, {
    audio: audio.filter(isTelling),
    seeds: () => frameSeeds ?? likelySeeds(query, ref),
  })
  let frames = suppressRepeats(found.segments)
  if (includeWeak && frames.length === 0 && audio.length === 0) {
    frames = alignFrames(timelines.query, timelines.ref, { asWeak: true }).segments.slice(0, 1)
    audio = queryAudio && refAudio ? alignAudio(queryAudio, refAudio, { asWeak: true }).slice(0, 1) : []
  }
  const lengths = {
    queryMs: usableDurationMs(query.durationSeconds),
    refMs: usableDurationMs(ref.durationSeconds),
  }
  const join = (pictures: readonly TrackSegment[]) =>
    joinTracks(
      weighStaticSegments(pictures, audio, { query: queryAudio, ref: refAudio, lengths }),
      audio,
      lengths,
    )
  const scoreOf = (pictures: readonly TrackSegment[]) => pairScore(join(pictures))
  const likely = () => seeds ?? likelySeeds(query, ref)
  const { segments: pictures, aligned } = withKeypoints(
    { segments: frames, aligned: found.aligned },
    { query, ref, timelines, audio: audio.filter(isTelling), seeds: likely },
    { scoreOf, enough: ACCEPT_SCORE },
  )
  const joined = join(pictures)
  const score = pairScore(joined)
  const accepted = score >= ACCEPT_SCORE
  const traced = accepted ? traceFrames({ frames: pictures, audio }, aligned, timelines) : pictures
  const passages = traced === pictures ? joined : join(traced)
  const all = passages.map(toSegment)
  const segments = accepted ? markWeakReadings(dropWeakSegments(all, { isTraced: traced !== pictures })) : all
  const counted = segments.filter(({ weak }) => !weak)
  return {
    score: Math.round(score * 1e4) / 1e4,
    similar: segments.some(({ kind }) => kind !== 'audio') ? percent(1 - 2 * differenceOf(pictures)) : 0,
    audioSimilar: segments.some(({ kind }) => kind !== 'video')
      ? percent(1 - 2 * differenceOf(whole.length > 0 ? whole : audio))
      : 0,
    queryCoverage: coverage(counted, { of: query.durationSeconds, side: querySide }),
    refCoverage: coverage(counted, { of: ref.durationSeconds, side: refSide }),
    segments,
    accepted,
    pictures: passages.flatMap(({ pictures }) => pictures ?? []),
  }
}

/** Whether audio says where the pictures of a copy are. What repeats itself does not. */
function isTelling({ isStatic }: TrackSegment): boolean {
  return !isStatic
}

const rememberedTimelinesOf = remembered(frameTimelinesOf)

/**
 * Mean share of differing bits over all segments, weighted by length; 0.5, as for unrelated hashes, if there are none.
 * Consequently `similar` is 100 for equal hashes, 76 if 31 of 256 bits differ, and 0 without a match.
 */
function differenceOf(segments: readonly TrackSegment[]): number {
  let sum = 0
  let length = 0
  for (const { difference, queryStartMs, queryEndMs } of segments) {
    sum += difference * (queryEndMs - queryStartMs)
    length += queryEndMs - queryStartMs
  }
  return length > 0 ? sum / length : 0.5
}

function percent(share: number): number {
  return Math.round(100 * Math.min(1, Math.max(0, share)))
}

type Span = readonly [number, number]

function querySide({ queryStart, queryEnd }: Segment): Span {
  return [queryStart, queryEnd]
}

function refSide({ refStart, refEnd }: Segment): Span {
  return [refStart, refEnd]
}

/** Share of a duration, 0 to 1, that the union of the segments covers. */
function coverage(
  segments: readonly Segment[],
  { of, side }: { of: number; side: (segment: Segment) => Span },
): number {
  if (!(of > 0)) return 0
  let covered = 0
  let end = 0
  for (const [from, to] of segments.map(side).sort((a, b) => a[0] - b[0])) {
    covered += Math.max(0, to - Math.max(from, end))
    end = Math.max(end, to)
  }
  return Math.min(1, covered / of)
}
