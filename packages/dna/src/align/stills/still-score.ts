import { WEAK_SCORE } from '../segments/to-segment.ts'

/** Frames that differ in this many bits or more are other pictures. Unrelated ones differ in more than 96. */
export const MAX_STILL_BITS = 88
/** Bits in which a still of full quality may differ to be accepted. */
const ACCEPTED_BITS = 52
/** PDQ quality from which a still has full quality. Plainer pictures must be nearer, in proportion. */
const FULL_QUALITY = 50

/** Confidence, 0 to 1, that a frame at this distance, handicaps included, is the picture. */
export function scoreOfBits(bits: number, quality: number): number {
  const accepted = ACCEPTED_BITS * Math.min(1, quality / FULL_QUALITY)
  const score =
    bits <= accepted
      ? 1 - (1 - WEAK_SCORE) * (bits / Math.max(1, accepted))
      : (WEAK_SCORE * Math.max(0, MAX_STILL_BITS - bits)) / (MAX_STILL_BITS - accepted)
  return Math.round(score * 1e4) / 1e4
}

/** Agreement of keypoints that is accepted. Of 42 unrelated pictures, two faces reach 3.05; the same ones have 5 to 15. */
const ACCEPTED_WEIGHT = 3.3

/** Confidence, 0 to 1, that two pictures whose keypoints agree with this weight are the same. */
export function scoreOfKeypoints(weight: number): number {
  const half = (ACCEPTED_WEIGHT * (1 - WEAK_SCORE)) / WEAK_SCORE
  return Math.round((1e4 * weight) / (weight + half)) / 1e4
}
