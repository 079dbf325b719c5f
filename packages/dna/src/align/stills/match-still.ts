import { type Fingerprint, usableDurationMs } from '../../fingerprint/fingerprint.ts'
import { isStill } from '../../fingerprint/still.ts'
import { scanner } from '../../hash/scanner.ts'
import type { PairMatch, Segment } from '../segments/segment.ts'
import { hasLength } from '../segments/segment-geometry.ts'
import { partOf, WEAK_SCORE } from '../segments/to-segment.ts'
import { keypointMomentsOf } from './still-keypoints.ts'
import { type StillMoment, timesAround } from './still-moment.ts'
import { MAX_STILL_BITS, scoreOfBits } from './still-score.ts'
import { type StillView, stillViewsOf } from './still-views.ts'

/** Moments show the same picture as the best one if they differ in a few bits more, and a share of its own. */
const SAME_BITS = 3
const SAME_SHARE = 0.25
/** A scene goes on while its frames differ in this many bits more: its moments are one range. */
const SCENE_BITS = 10
/** Frames that are less apart, in milliseconds, follow each other. */
const GAP_MS = 600
const MAX_SEGMENTS = 8
/** Moments below this score are chance. */
const MIN_SCORE = 0.1

/**
 * Finds the moments of a video, or another picture, that show a still picture. Every stored frame is compared, so a
 * moment is exact to the sampling interval: 0.25 s, or the time between keyframes if only those are stored. A cropped or
 * covered still is exact to 2 s. A static scene is one segment over its whole length; recurring shots are several, the
 * likeliest with the highest score.
 *
 * The segments are at 0 in the query, where they have no length. `accepted` and scores are as those of a pair of videos.
 */
export function matchStill(query: Fingerprint, ref: Fingerprint): PairMatch {
  const byHash = hashMomentsOf(query, ref)
  const isProven = (byHash[0]?.score ?? 0) >= WEAK_SCORE
  const found = isProven ? byHash : withKeypoints(byHash, keypointMomentsOf(query, ref))
  const isShown = ({ fromMs, toMs }: StillMoment) => isStill(ref) || hasLength(fromMs, toMs)
  const moments = found.filter((moment) => moment.score >= MIN_SCORE && isShown(moment))
  const score = moments[0]?.score ?? 0
  const accepted = score >= WEAK_SCORE
  const segments = moments
    .slice(0, MAX_SEGMENTS)
    .map((moment) => segmentOf(moment, accepted))
    .sort((a, b) => a.refStart - b.refStart)
  const seconds = segments.reduce((sum, { refStart, refEnd }) => sum + refEnd - refStart, 0)
  return {
    score,
    similar: Math.round(100 * Math.max(0, 1 - 2 * (moments[0]?.difference ?? 0.5))),
    audioSimilar: 0,
    queryCoverage: segments.length > 0 ? 1 : 0,
    refCoverage: segments.length > 0 ? coverageOf(seconds, ref) : 0,
    segments,
    accepted,
  }
}

/** The share of the reference that shows the still: all of another picture. */
function coverageOf(seconds: number, { durationSeconds }: Fingerprint): number {
  return durationSeconds > 0 ? Math.min(1, seconds / durationSeconds) : 1
}

/** Both confirm each other if they are of one moment; otherwise the more confident ones. */
function withKeypoints(
  byHash: readonly StillMoment[],
  byKeypoints: readonly StillMoment[],
): readonly StillMoment[] {
  const [hash, keypoints] = [byHash[0], byKeypoints[0]]
  if (hash === undefined || keypoints === undefined) return hash === undefined ? byKeypoints : byHash
  const isSameMoment = hash.fromMs <= keypoints.toMs + GAP_MS && hash.toMs >= keypoints.fromMs - GAP_MS
  if (!isSameMoment || hash.mirrored !== keypoints.mirrored)
    return keypoints.score > hash.score ? byKeypoints : byHash
  const score = Math.round(1e4 * (1 - (1 - hash.score) * (1 - keypoints.score))) / 1e4
  return [{ ...hash, score }, ...byHash.slice(1)]
}

/** The moments at which the likeliest view of the still is seen, best first. */
function hashMomentsOf(query: Fingerprint, ref: Fingerprint): StillMoment[] {
  let found: { readonly view: StillView; readonly bits: number; readonly finds: Uint32Array } | null = null
  for (const view of stillViewsOf(query, ref)) {
    const limit = Math.min(MAX_STILL_BITS - view.handicap, found === null ? 256 : found.bits - view.handicap)
    if (limit <= 0) continue
    scanner.loadHashes(view.frames.hashes)
    const finds = scanner.near(view.hash, limit).slice()
    const bits = nearestOf(finds) + view.handicap
    if (finds.length > 0 && bits < (found?.bits ?? 256)) found = { view, bits, finds }
  }
  if (found === null) return []
  return momentsIn(found.view, found.finds, usableDurationMs(ref.durationSeconds))
}

function nearestOf(finds: Uint32Array): number {
  let nearest = 256
  for (let at = 1; at < finds.length; at += 2) nearest = Math.min(nearest, finds[at] as number)
  return nearest
}

/** Groups the frames that are about as near as the nearest one into ranges of time. */
function momentsIn(
  { frames, intervalMs, handicap, hash: _, quality, ...shown }: StillView,
  finds: Uint32Array,
  durationMs: number,
): StillMoment[] {
  const nearest = nearestOf(finds)
  const limit = nearest + SAME_BITS + SAME_SHARE * nearest
  const sceneLimit = limit + SCENE_BITS
  const moments: (StillMoment & { readonly bits: number })[] = []
  // The end of the scene that the last moment belongs to.
  let sceneMs = Number.NEGATIVE_INFINITY
  for (let at = 0; at < finds.length; at += 2) {
    const [run, bits] = [finds[at] as number, finds[at + 1] as number]
    const times = timesAround({ starts: frames.startMs, lasts: frames.lastMs }, run, {
      intervalMs,
      durationMs,
    })
    const continues = times.fromMs - sceneMs <= GAP_MS
    if (bits <= sceneLimit && continues) sceneMs = times.toMs
    if (bits > limit) continue
    sceneMs = times.toMs
    const score = scoreOfBits(bits + handicap, Math.min(quality, frames.quality[run] ?? 0))
    const moment = { ...shown, ...times, score, bits, difference: bits / 256 }
    const before = moments.at(-1)
    if (before === undefined || !continues) moments.push(moment)
    else
      moments.splice(-1, 1, {
        ...(bits < before.bits ? moment : before),
        fromMs: before.fromMs,
        toMs: times.toMs,
      })
  }
  return moments.sort((a, b) => b.score - a.score || a.fromMs - b.fromMs)
}

function segmentOf({ mirrored, turn, queryBox, refBox, ...moment }: StillMoment, accepted: boolean): Segment {
  return {
    queryStart: 0,
    queryEnd: 0,
    refStart: Math.round(moment.fromMs) / 1000,
    refEnd: Math.round(moment.toMs) / 1000,
    score: moment.score,
    kind: 'video',
    speed: 1,
    ...{ mirrored, turn, queryBox, refBox, part: partOf({ queryBox, refBox }) },
    reversed: false,
    pictureScore: moment.score,
    soundScore: 0,
    weak: accepted && moment.score < WEAK_SCORE,
  }
}
