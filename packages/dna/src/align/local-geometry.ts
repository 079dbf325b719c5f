import type { DescriptorMatch } from '../local/descriptor-matcher.ts'
import { type LocalFrame, pixelsPerUnit } from '../local/local-track.ts'
import { levelScale } from '../local/pyramid.ts'
import { MAX_DESCRIPTOR_BITS } from './local-matches.ts'

/** A picture shown at another size and position: x of the query = scale * x of the reference + left, and so for y. */
export type Placement = { readonly scale: number; readonly left: number; readonly top: number }

/** How well the keypoints of two frames agree. */
export type FrameAgreement = {
  readonly weight: number
  readonly placement: Placement
  readonly inliers: number
  /** The match that proposes the placement. */
  readonly hypothesis: DescriptorMatch
}

/** A keypoint may be off by this many pixels of its level, ... */
const MAX_OFFSET = 3
/** ... and by this share of its distance: small rotations, perspective and rounded scales. */
const MAX_SKEW = 0.1
/** The scales of two keypoints agree up to this factor. */
const MAX_SCALE_FACTOR = 1.5
/** Keypoints that are this near, in pixels, are one: blobs are found at several scales. */
const CELL_PIXELS = 8
/** Weight of a match that differs in this many bits: 0. */
const ZERO_BITS = MAX_DESCRIPTOR_BITS + 4

/** A point in pixels of the displayed shape, with the pixels per pixel of its level. */
export type Points = { readonly x: Float64Array; readonly y: Float64Array; readonly scale: Float64Array }

export function pointsOf({ columns, rows, levels }: LocalFrame, aspect: number): Points {
  const unit = pixelsPerUnit(aspect)
  const count = columns.length
  const points = { x: new Float64Array(count), y: new Float64Array(count), scale: new Float64Array(count) }
  for (let i = 0; i < count; i++) {
    points.x[i] = ((columns[i] as number) + 0.5) * unit.x
    points.y[i] = ((rows[i] as number) + 0.5) * unit.y
    points.scale[i] = levelScale(levels[i] as number)
  }
  return points
}

/**
 * The placement on which most matches of two frames agree. Each match proposes one, from its positions and scales (as in
 * RANSAC, but every hypothesis is tried).
 */
export function agreementOf(
  query: Points,
  ref: Points,
  matches: readonly DescriptorMatch[],
): FrameAgreement | null {
  let best: FrameAgreement | null = null
  for (const hypothesis of matches) {
    const inliers = inliersOf({ query, ref }, matches, hypothesis)
    const weight = weightOf({ query, ref }, inliers)
    if (weight > (best?.weight ?? 0)) {
      const placement = placementOf({ query, ref }, hypothesis)
      best = { weight, placement, inliers: inliers.length, hypothesis }
    }
  }
  return best
}

type Frames = { readonly query: Points; readonly ref: Points }

function placementOf({ query, ref }: Frames, match: DescriptorMatch): Placement {
  const scale = (query.scale[match.query] as number) / (ref.scale[match.ref] as number)
  return {
    scale,
    left: (query.x[match.query] as number) - scale * (ref.x[match.ref] as number),
    top: (query.y[match.query] as number) - scale * (ref.y[match.ref] as number),
  }
}

/** The matches that agree with the placement that one of them proposes. */
export function inliersOf(
  { query, ref }: Frames,
  matches: readonly DescriptorMatch[],
  hypothesis: DescriptorMatch,
): DescriptorMatch[] {
  const { scale, left, top } = placementOf({ query, ref }, hypothesis)
  const bx = ref.x[hypothesis.ref] as number
  const by = ref.y[hypothesis.ref] as number
  return matches.filter((match) => {
    const rx = ref.x[match.ref] as number
    const ry = ref.y[match.ref] as number
    const size = query.scale[match.query] as number
    const factor = size / (ref.scale[match.ref] as number) / scale
    if (factor > MAX_SCALE_FACTOR || factor < 1 / MAX_SCALE_FACTOR) return false
    const off =
      Math.abs((query.x[match.query] as number) - scale * rx - left) +
      Math.abs((query.y[match.query] as number) - scale * ry - top)
    return off <= MAX_OFFSET * size + MAX_SKEW * scale * (Math.abs(rx - bx) + Math.abs(ry - by))
  })
}

/** Weight of matches. A spot in either frame counts once, by its best match; `novelty` is a factor of each match. */
export function weightOf(
  { query, ref }: Frames,
  matches: readonly DescriptorMatch[],
  novelty: (match: DescriptorMatch) => number = () => 1,
): number {
  const inQuery = new Map<number, number>()
  const inRef = new Map<number, number>()
  for (const match of matches) {
    const weight = (1 - match.bits / ZERO_BITS) * novelty(match)
    raise(inQuery, cellOf(query, match.query), weight)
    raise(inRef, cellOf(ref, match.ref), weight)
  }
  return Math.min(sumOf(inQuery), sumOf(inRef))
}

function cellOf({ x, y }: Points, index: number): number {
  const cell = (pixels: number) => Math.round(pixels / CELL_PIXELS)
  return 256 * cell(y[index] as number) + cell(x[index] as number)
}

function raise(weights: Map<number, number>, cell: number, weight: number): void {
  if (weight > (weights.get(cell) ?? 0)) weights.set(cell, weight)
}

function sumOf(weights: Map<number, number>): number {
  let sum = 0
  for (const weight of weights.values()) sum += weight
  return sum
}
