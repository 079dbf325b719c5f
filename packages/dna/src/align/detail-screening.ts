import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { spread } from '../index/spread.ts'
import { batchDescriptors, type DescriptorBatch } from '../local/descriptor-batch.ts'
import { type DescriptorMatch, descriptorMatcher } from '../local/descriptor-matcher.ts'
import { type LocalFrame, localFramesOf, STORED_KEYPOINTS } from '../local/local-track.ts'
import { alignLandmarks } from './audio/align-landmarks.ts'
import { remembered } from './lines/remembered.ts'
import { agreementOf, type Points, pointsOf } from './local/local-geometry.ts'
import { MAX_DESCRIPTOR_BITS } from './local/local-matches.ts'
import { mirrorLocalFrame } from './local/local-pairs.ts'

/** Time between the frames of the query that are compared, and the least and most frames. */
const QUERY_INTERVAL_SECONDS = 5
const MIN_QUERY_FRAMES = 12
const MAX_QUERY_FRAMES = 24
/** Matches of two frames that are tried: a page of text has thousands. */
const MAX_MATCHES = 24
/** What a pair of frames counts: its agreement beyond that of chance, up to a limit. */
const CHANCE = 0.5
const MAX_PAIR = 3.5
/** Width of an offset bin. A bin counts together with the stronger one beside it. */
const BIN_MS = 1000

/**
 * Votes from which a pair is worth aligning. On the gauntlet, unrelated videos reach it in one pair of 40, and the copies
 * that only parts of the pictures prove have 5 to 14.
 */
export const SHARED_DETAILS = 3

/**
 * How much two videos share in their parts: keypoints that agree on one offset in time, or landmarks of the sound. At least
 * SHARED_DETAILS if they are worth aligning. Takes a fifteenth of an alignment, so that it can try every video of a library.
 */
export function sharedDetails(query: Fingerprint, ref: Fingerprint): number {
  const landmarks = alignLandmarks(query, ref)[0]
  return Math.max(sharedKeypoints(query, ref), landmarks ? SHARED_DETAILS + landmarks.evidence : 0)
}

/** A side of a comparison: its frames, packed for it. */
type Side = {
  readonly frames: readonly LocalFrame[]
  readonly points: readonly Points[]
  readonly batches: readonly DescriptorBatch[]
}

function sharedKeypoints(query: Fingerprint, ref: Fingerprint): number {
  if (!query.local || !ref.local) return 0
  const there = sideOf(localFramesOf(ref.local, STORED_KEYPOINTS), ref.local.aspect)
  return Math.max(...rememberedSidesOf(query).map((here) => mostVotes(here, there)))
}

/** Some frames of a query, upright and mirrored. */
const rememberedSidesOf = remembered(sidesOf)

function sidesOf({ local, durationSeconds }: Fingerprint): readonly Side[] {
  if (!local) return []
  const wanted = Math.round(durationSeconds / QUERY_INTERVAL_SECONDS)
  const all = localFramesOf(local).filter(({ levels }) => levels.length > 0)
  const frames = spread(all, Math.min(MAX_QUERY_FRAMES, Math.max(MIN_QUERY_FRAMES, wanted)))
  return [frames, frames.map(mirrorLocalFrame)].map((some) => sideOf(some, local.aspect))
}

function sideOf(frames: readonly LocalFrame[], aspect: number): Side {
  return {
    frames,
    points: frames.map((frame) => pointsOf(frame, aspect)),
    batches: batchDescriptors(frames),
  }
}

/** Votes of the offset on which most pairs of frames agree. */
function mostVotes(query: Side, ref: Side): number {
  const bins = new Map<number, number>()
  for (const there of ref.batches)
    for (const here of query.batches)
      for (const { row, column, matches } of framesThatMatch(here, there)) {
        const [points, others] = [query.points[row], ref.points[column]]
        const agreement = points && others && agreementOf(points, others, nearestOf(matches))
        if (!agreement || agreement.inliers < 2) continue
        const apartMs = (ref.frames[column]?.timeMs ?? 0) - (query.frames[row]?.timeMs ?? 0)
        const bin = Math.round(apartMs / BIN_MS)
        bins.set(bin, (bins.get(bin) ?? 0) + Math.min(MAX_PAIR, agreement.weight - CHANCE))
      }
  const beside = (bin: number) => Math.max(bins.get(bin - 1) ?? 0, bins.get(bin + 1) ?? 0)
  return Math.max(0, ...[...bins].map(([bin, votes]) => votes + beside(bin)))
}

type MatchingFrames = { readonly row: number; readonly column: number; readonly matches: DescriptorMatch[] }

/** The pairs of frames of two batches that have two similar keypoints or more. */
function framesThatMatch(query: DescriptorBatch, ref: DescriptorBatch): MatchingFrames[] {
  const pairs = new Map<number, MatchingFrames>()
  const found = descriptorMatcher.matches(query.descriptors, ref.descriptors, MAX_DESCRIPTOR_BITS)
  for (const match of found) {
    const row = query.frames[query.frameOf[match.query] as number] as number
    const column = ref.frames[ref.frameOf[match.ref] as number] as number
    const key = row * ref.frames.length + (ref.frameOf[match.ref] as number)
    const pair = pairs.get(key) ?? { row, column, matches: [] }
    pairs.set(key, pair)
    const [own, other] = [query.keypointOf[match.query] as number, ref.keypointOf[match.ref] as number]
    pair.matches.push({ query: own, ref: other, bits: match.bits })
  }
  return [...pairs.values()].filter(({ matches }) => matches.length > 1)
}

function nearestOf(matches: DescriptorMatch[]): readonly DescriptorMatch[] {
  if (matches.length <= MAX_MATCHES) return matches
  return matches.sort((a, b) => a.bits - b.bits || a.query - b.query || a.ref - b.ref).slice(0, MAX_MATCHES)
}
