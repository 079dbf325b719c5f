import type { DescriptorMatch } from '../../local/descriptor-matcher.ts'
import { type LocalFrame, pixelsPerUnit } from '../../local/local-track.ts'
import { levelScale } from '../../local/pyramid.ts'
import { MAX_DESCRIPTOR_BITS } from './local-matches.ts'
import { type Fit, leastSquares, MAX_TURN, MIN_FITTED } from './similarity-fit.ts'

/** A picture shown at another size and position: x of the query = scale * x of the reference + left, and so for y. */
export type Placement = { readonly scale: number; readonly left: number; readonly top: number }

/** How well the keypoints of two frames agree. */
export type FrameAgreement = {
  readonly weight: number
  readonly placement: Placement
  readonly inliers: number
  /** Where the reference's points are in the query. */
  readonly fit: Fit
}

/** A keypoint may be off by this many pixels of its level, ... */
const MAX_OFFSET = 3
/** ... and by this share of its distance: small rotations, perspective and rounded scales. */
const MAX_SKEW = 0.1
/** The scales of two keypoints agree up to this factor. */
const MAX_SCALE_FACTOR = 1.5
/** A fit needs points this many pixels from their middle (root of the mean square). */
const MIN_SPREAD_PIXELS = 20
/** A fit is repeated with what agrees with it, while that becomes more. */
const FIT_ROUNDS = 3
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

/** What a fit is worth. */
type JudgedFit = { readonly fit: Fit; readonly inliers: readonly DescriptorMatch[]; readonly weight: number }

/**
 * The placement on which most matches of two frames agree. Each match proposes one, from its positions and scales (as in
 * RANSAC, but every hypothesis is tried). The best one is fitted to what agrees with it, which also finds scales between
 * two levels and small rotations (Chum et al., "Locally Optimized RANSAC", 2003).
 */
export function agreementOf(
  query: Points,
  ref: Points,
  matches: readonly DescriptorMatch[],
): FrameAgreement | null {
  const frames = { query, ref }
  const judge = (fit: Fit): JudgedFit => {
    const inliers = inliersOf(frames, matches, fit)
    return { fit, inliers, weight: weightOf(frames, inliers) }
  }
  let best: JudgedFit | null = null
  for (const match of matches) {
    const judged = judge(proposedBy(frames, match))
    if (judged.weight > (best?.weight ?? 0)) best = judged
  }
  if (!best) return null
  for (let round = 0; round < FIT_ROUNDS; round++) {
    const fit = fittedTo(frames, best)
    const judged = fit && judge(fit)
    if (!judged || judged.weight <= best.weight) break
    best = judged
  }
  const { fit, inliers, weight } = best
  return { weight, placement: placementOf(fit), inliers: inliers.length, fit }
}

type Frames = { readonly query: Points; readonly ref: Points }

function placementOf({ a, b, left, top, x, y }: Fit): Placement {
  const scale = Math.hypot(a, b)
  return { scale, left: a * x - b * y + left - scale * x, top: b * x + a * y + top - scale * y }
}

function proposedBy({ query, ref }: Frames, match: DescriptorMatch): Fit {
  const [x, y] = [ref.x[match.ref] as number, ref.y[match.ref] as number]
  const a = (query.scale[match.query] as number) / (ref.scale[match.ref] as number)
  const left = (query.x[match.query] as number) - a * x
  const top = (query.y[match.query] as number) - a * y
  return { a, b: 0, left, top, x, y }
}

/** The fit with the least squares of what agrees with another one; null if that is too little, or if it fits nothing. */
function fittedTo({ query, ref }: Frames, { fit, inliers }: JudgedFit): Fit | null {
  if (inliers.length < MIN_FITTED) return null
  const points = inliers.map((match) => ({
    x: ref.x[match.ref] as number,
    y: ref.y[match.ref] as number,
    toX: query.x[match.query] as number,
    toY: query.y[match.query] as number,
    weight: 1,
  }))
  const { a, b, spread, ...rest } = leastSquares(points)
  if (spread < MIN_SPREAD_PIXELS ** 2 * inliers.length) return null
  if (!isSameSize(Math.hypot(a, b) / Math.hypot(fit.a, fit.b)) || Math.abs(b) > MAX_TURN * a) return null
  return { a, b, ...rest }
}

/** Whether two sizes, given their ratio, agree as those of keypoints do. */
export function isSameSize(factor: number): boolean {
  return factor <= MAX_SCALE_FACTOR && factor >= 1 / MAX_SCALE_FACTOR
}

/** The matches that agree with a fit. */
export function inliersOf(
  { query, ref }: Frames,
  matches: readonly DescriptorMatch[],
  fit: Fit,
): DescriptorMatch[] {
  const { a, b, left, top, x, y } = fit
  const scale = Math.hypot(a, b)
  return matches.filter((match) => {
    const rx = ref.x[match.ref] as number
    const ry = ref.y[match.ref] as number
    const size = query.scale[match.query] as number
    if (!isSameSize(size / (ref.scale[match.ref] as number) / scale)) return false
    const off =
      Math.abs((query.x[match.query] as number) - a * rx + b * ry - left) +
      Math.abs((query.y[match.query] as number) - b * rx - a * ry - top)
    return off <= MAX_OFFSET * size + MAX_SKEW * scale * (Math.abs(rx - x) + Math.abs(ry - y))
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
