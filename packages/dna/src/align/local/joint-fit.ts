import type { DescriptorMatch } from '../../local/descriptor-matcher.ts'
import { isSameSize, type Points } from './local-geometry.ts'
import { type Fit, leastSquares, MAX_TURN, MIN_FITTED, type WeightedPoint } from './similarity-fit.ts'

/** Two frames whose keypoints are matched. */
export type MatchedFrames = {
  readonly query: Points
  readonly ref: Points
  readonly matches: readonly DescriptorMatch[]
}

/** Where a picture is during a whole passage, and how many keypoints of its frames are exactly there. */
export type JointFit = { readonly fit: Fit; readonly inliers: number }

/** How far a point may be off: pixels of its level, and a share of its distance from the middle. */
type Tolerance = { readonly pixels: number; readonly share: number }

/** A proposal is off by as much as a fit of a single frame; each round fits what the round before left. */
const ROUNDS: readonly Tolerance[] = [
  { pixels: 3, share: 0.1 },
  { pixels: 3, share: 0.05 },
  { pixels: 2.5, share: 0.03 },
  { pixels: 2.5, share: 0.02 },
  { pixels: 2, share: 0.02 },
  { pixels: 2, share: 0.02 },
]
const EXACT: Tolerance = { pixels: 2, share: 0.01 }
/** Proposals that are tried. */
const MAX_PROPOSALS = 12
/** A turned picture is rare: it must agree with this many times as many points as an upright one. */
const TURNED_FACTOR = 1.15

/** A point of the reference, and where the query shows it. */
type Correspondence = WeightedPoint & {
  /** Pixels per pixel of the keypoint's level in the query. */
  readonly pixel: number
  /** How much larger the keypoint is in the query. */
  readonly growth: number
}

/**
 * The fit on which most keypoints of many frames agree: the picture stays where it is in the query. A frame has few keypoints
 * that match, and their positions are rounded, so its own fit is off by some percent. That is too much to compare
 * hashes. Proposals come first if they are likelier.
 */
export function jointFit(frames: readonly MatchedFrames[], proposals: readonly Fit[]): JointFit | null {
  const all = frames.flatMap(correspondencesOf)
  let best: JointFit | null = null
  let most = 0
  for (const proposal of proposals.slice(0, MAX_PROPOSALS)) {
    for (const isTurned of [false, true]) {
      const fit = refined(proposal, all, isTurned)
      if (!fit) continue
      const inliers = agreeing(fit, all, EXACT).length
      const rank = isTurned ? inliers / TURNED_FACTOR : inliers
      if (rank <= most) continue
      most = rank
      best = { fit, inliers }
    }
  }
  return best
}

function refined(proposal: Fit, all: readonly Correspondence[], isTurned: boolean): Fit | null {
  let fit = proposal
  for (const tolerance of ROUNDS) {
    const near = agreeing(fit, all, tolerance)
    if (near.length < MIN_FITTED) return null
    fit = leastSquares(near, { isTurned })
  }
  return Math.abs(fit.b) <= MAX_TURN * fit.a ? fit : null
}

function correspondencesOf({ query, ref, matches }: MatchedFrames): Correspondence[] {
  return matches.map((match) => {
    const pixel = query.scale[match.query] as number
    return {
      x: ref.x[match.ref] as number,
      y: ref.y[match.ref] as number,
      toX: query.x[match.query] as number,
      toY: query.y[match.query] as number,
      // A point counts less the coarser its level is.
      weight: 1 / pixel,
      pixel,
      growth: pixel / (ref.scale[match.ref] as number),
    }
  })
}

function agreeing(
  { a, b, left, top, x, y }: Fit,
  all: readonly Correspondence[],
  { pixels, share }: Tolerance,
): Correspondence[] {
  const scale = Math.hypot(a, b)
  return all.filter((one) => {
    if (!isSameSize(one.growth / scale)) return false
    const off =
      Math.abs(one.toX - a * one.x + b * one.y - left) + Math.abs(one.toY - b * one.x - a * one.y - top)
    return off <= pixels * one.pixel + share * scale * (Math.abs(one.x - x) + Math.abs(one.y - y))
  })
}
