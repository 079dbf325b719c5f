import { median } from '../../median.ts'
import { boundaryErrors } from './boundary-error.ts'
import type { Pair } from './pairs.ts'
import { f1, segmentAgreement } from './vcsl.ts'

/** The segments of pairs that are accepted at a threshold. */
export type SegmentScore = {
  /** Mean over the accepted pairs; NaN if there are none. */
  readonly precision: number
  /** Mean over the expected pairs; those not accepted count 0. */
  readonly recall: number
  readonly f1: number
  /** Seconds; NaN if nothing overlaps. */
  readonly boundaryMedian: number
  readonly boundaryMean: number
}

/** VCSL precision and recall over all pairs, accepting pairs of at least `threshold`. */
export function scoreSegments(pairs: readonly Pair[], threshold: number): SegmentScore {
  const precisions: number[] = []
  const recalls: number[] = []
  const errors: number[] = []
  for (const { rows, score, expected } of pairs) {
    const taken = score >= threshold ? rows : []
    const { precision, recall } = segmentAgreement(taken, expected)
    if (expected.length > 0) recalls.push(recall)
    if (taken.length > 0) precisions.push(precision)
    errors.push(...boundaryErrors(taken, expected))
  }
  const [precision, recall] = [mean(precisions), mean(recalls)]
  return {
    precision,
    recall,
    f1: f1(precision, recall),
    boundaryMedian: median(errors),
    boundaryMean: mean(errors),
  }
}

export function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : Number.NaN
}
