import { HASH_WORDS, popcount } from '../../hash/hamming.ts'
import { MIRROR_MASK, MIRRORED, type Orientation } from '../../hash/orientation.ts'
import type { SeedAlignment } from '../../index/rank-candidates.ts'
import { nearestIndex } from '../lines/nearest-index.ts'
import type { FrameTimelines, ViewTimeline } from './frame-timelines.ts'

/** Time on each side of a seed in which windows are compared, and the number of moments compared in it. */
const REACH_MS = 8000
const MOMENTS = 12
/** Fewest moments that can prove anything. */
const MIN_MOMENTS = 3
/** A moment supports a window by max(0, 1 - distance / this many bits). Unrelated frames differ in more than 96. */
const NEAR_BITS = 96
/** A pair of windows is given up if its mean support is below EARLY_SUPPORT after this many moments. */
const EARLY_MOMENTS = 3
const EARLY_SUPPORT = 0.03
/** Mean support from which a window is worth aligning, ... */
const MIN_SUPPORT = 0.12
/** ... and the factor by which it must exceed that of the whole pictures. */
const WHOLE_RATIO = 1.15
/** Frames up to this much earlier or later are compared as well, because a seed is up to 1.6 s off. */
const SLACK_MS = 1000

/** A window of the query that shows a stored view of the reference around a seed. */
export type WindowMatch = {
  readonly window: ViewTimeline
  readonly stored: ViewTimeline
  /** The query's orientation; null if upright. */
  readonly orientation: Orientation | null
  /** Mean support, 0 to 1. */
  readonly support: number
}

/**
 * Compares every window of the query, upright and mirrored, with every stored view of the reference around the seeds.
 * Returns the pairs that are close, best first. It takes about a millisecond, because few moments suffice if their
 * alignment is known.
 */
export function screenWindows(
  query: FrameTimelines,
  ref: FrameTimelines,
  seeds: readonly SeedAlignment[],
): WindowMatch[] {
  const stored = [ref.whole, ...ref.crops.values(), ...ref.windowCrops]
  const windows = [query.whole, ...query.insets, ...query.windows]
  const found: WindowMatch[] = []
  for (const seed of seeds) {
    const least = Math.max(MIN_SUPPORT, WHOLE_RATIO * supportAt(query.whole, ref.whole, seed)[0])
    for (const window of windows) {
      for (const view of stored) {
        const [upright, mirrored] = supportAt(window, view, seed)
        if (upright > least) found.push({ window, stored: view, orientation: null, support: upright })
        if (mirrored > least) found.push({ window, stored: view, orientation: MIRRORED, support: mirrored })
      }
    }
  }
  return found.sort((a, b) => b.support - a.support)
}

/** Mean support of two timelines at moments around a seed, if the query is upright and if it is mirrored. */
function supportAt(
  window: ViewTimeline,
  stored: ViewTimeline,
  { queryMs, refMs }: SeedAlignment,
): readonly [number, number] {
  // The sparser timeline determines the moments, so that each is a frame that exists.
  const isSparse = stored.stepMs > window.stepMs
  const [own, other] = isSparse ? [stored, window] : [window, stored]
  const [ownMs, otherMs] = isSparse ? [refMs, queryMs] : [queryMs, refMs]
  const reach = Math.floor(REACH_MS / own.stepMs)
  const stride = Math.max(1, (2 * reach) / MOMENTS)
  const middle = nearestIndex(ownMs / own.stepMs)
  let upright = 0
  let mirrored = 0
  let moments = 0
  // From the seed outwards, because the shared segment may be short.
  for (let i = 0; Math.ceil(i / 2) * stride <= reach; i++) {
    const sample = middle + Math.trunc((i % 2 === 0 ? -1 : 1) * Math.ceil(i / 2) * stride)
    const run = own.runAt[sample] ?? -1
    if (run < 0) continue
    const [near, nearMirrored] = nearest(own, run, { other, ms: sample * own.stepMs - ownMs + otherMs })
    if (near > 256) continue
    upright += Math.max(0, 1 - near / NEAR_BITS)
    mirrored += Math.max(0, 1 - nearMirrored / NEAR_BITS)
    moments++
    if (moments === EARLY_MOMENTS && Math.max(upright, mirrored) < EARLY_SUPPORT * moments) return [0, 0]
  }
  return moments < MIN_MOMENTS ? [0, 0] : [upright / moments, mirrored / moments]
}

/** Smallest distances of a run from the frames of another timeline around a time; 257 if there are none. */
function nearest(
  own: ViewTimeline,
  run: number,
  { other, ms }: { readonly other: ViewTimeline; readonly ms: number },
): [number, number] {
  let upright = 257
  let mirrored = 257
  const at = nearestIndex(ms / other.stepMs)
  const reach = Math.floor(SLACK_MS / other.stepMs)
  let last = -1
  for (let sample = at - reach; sample <= at + reach; sample++) {
    const there = other.runAt[sample] ?? -1
    if (there < 0 || there === last) continue
    last = there
    let bits = 0
    let mirroredBits = 0
    for (let word = 0; word < HASH_WORDS; word++) {
      const differing =
        (own.hashes[run * HASH_WORDS + word] as number) ^ (other.hashes[there * HASH_WORDS + word] as number)
      bits += popcount(differing >>> 0)
      mirroredBits += popcount((differing ^ MIRROR_MASK) >>> 0)
    }
    upright = Math.min(upright, bits)
    mirrored = Math.min(mirrored, mirroredBits)
  }
  return [upright, mirrored]
}
