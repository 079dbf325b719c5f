/** What two tracks have in common at one offset. */
export type Offset = {
  /** Reference sample minus query sample. */
  readonly offset: number
  /** Sum of the signed changes that agree, in bits, and the number of changes compared. */
  readonly motion: number
  readonly changes: number
  /** Mean distance of the pictures in bits. */
  readonly distance: number
  /** Share of the window, 0 to 1, at which both tracks show a picture. */
  readonly share: number
}

/** An offset that stands out from all others. */
export type Significance = {
  readonly offset: number
  readonly evidence: number
  /** Mean distance of the pictures at the other offsets, in bits, and by how much it is smaller at this one. */
  readonly usual: number
  readonly gain: number
}

/** Only offsets that cover this share of the window are compared with one another. */
const COMPARED_SHARE = 0.6
/** Offsets this close (2 s) resemble each other and are not rivals. */
const NEAR_SAMPLES = 8
/** Fewer rivals do not show what chance achieves. */
const MIN_RIVALS = 8
/** Least standard deviations that rivals are taken to have: of the motion per root of a change, and of the distance. */
const MIN_MOTION_DEVIATION = 4
const MIN_DISTANCE_DEVIATION = 3
/** Motion is evidence in full only if the pictures are also nearer than elsewhere by this many standard deviations. */
const FULL_DISTANCE_SCORE = 5
/** A timer or a loop moves alike at several offsets: the share of the best offset's motion that no rival may reach. */
const MAX_REPEATED = 0.5
const MAX_EVIDENCE = 8

/** What an offset must exceed. */
export type SignificanceLimits = {
  /** Pictures further apart on average, in bits, show something else. */
  readonly maxDistance: number
  /** Log-likelihood that counts as nothing, and that adds one unit of evidence. */
  readonly chance: number
  readonly perUnit: number
}

/**
 * Limits for pictures at the same position. Unrelated ones are 128 bits apart, those of true offsets up to 106. Among 76,000
 * pairs of unrelated or similar videos, other takes of one camera reach a log-likelihood of 57 (two people posing at the
 * same spot) and 48 (two counters); others 27.
 */
export const SAME_POSITION: SignificanceLimits = { maxDistance: 112, chance: 25, perUnit: 20 }

/**
 * Limits for a window that keypoints have placed where nothing else was compared. Parts of a picture are up to 112 bits apart
 * at the true offset. Of 3,200 unrelated pairs and other moments, one reaches a log-likelihood of 14, with nine changes, and all
 * others at most 7. Copies reach 10 to 200.
 */
export const PLACED_ELSEWHERE: SignificanceLimits = { maxDistance: 118, chance: 10, perUnit: 4 }

/**
 * Returns the offset at which two tracks move alike and its evidence, judged by all other offsets of the same pair: how
 * many standard deviations it exceeds them. Null if there are too few offsets or if it does not stand out.
 */
export function significanceOf(
  offsets: readonly Offset[],
  { maxDistance, chance, perUnit }: SignificanceLimits,
): Significance | null {
  const compared = offsets.filter(({ share }) => share >= COMPARED_SHARE)
  const best = compared.reduce<Offset | null>(
    (top, one) => (top && heightOf(top) >= heightOf(one) ? top : one),
    null,
  )
  if (!best) return null
  const isRival = ({ offset }: Offset) => Math.abs(offset - best.offset) >= NEAR_SAMPLES
  const rivals = compared.filter(isRival)
  if (rivals.length < MIN_RIVALS || best.distance > maxDistance) return null
  const motion = spreadOf(rivals.map(heightOf))
  const distance = spreadOf(rivals.map((one) => one.distance))
  const deviation = Math.max(MIN_MOTION_DEVIATION, motion.deviation)
  const motionScore = (heightOf(best) - motion.mean) / deviation
  const distanceScore = (distance.mean - best.distance) / Math.max(MIN_DISTANCE_DEVIATION, distance.deviation)
  if (motionScore <= 0 || distanceScore <= 0) return null
  const limit = MAX_REPEATED * (best.motion / best.changes)
  const surely = (one: Offset) => one.motion / one.changes - (2 * deviation) / Math.sqrt(one.changes)
  if (offsets.some((one) => isRival(one) && surely(one) > limit)) return null
  const likelihood = (motionScore ** 2 / 2) * Math.min(1, (distanceScore / FULL_DISTANCE_SCORE) ** 2)
  const evidence = Math.min(MAX_EVIDENCE, (likelihood - chance) / perUnit)
  if (evidence <= 0) return null
  return { offset: best.offset, evidence, usual: distance.mean, gain: distance.mean - best.distance }
}

/** Motion per root of the number of changes: its deviation by chance does not depend on their number. */
function heightOf({ motion, changes }: Offset): number {
  return motion / Math.sqrt(changes)
}

function spreadOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / values.length) }
}
