import { median } from '../../median.ts'
import { boundaryErrors } from './boundary-error.ts'
import type { Pair } from './pairs.ts'
import { f1, segmentAgreement } from './vcsl.ts'

/** Passages of the pairs that are taken at a threshold. */
export type SegmentScore = {
  /** Mean over the pairs taken; NaN where there are none. */
  readonly precision: number
  /** Mean over the true pairs, those not taken counting 0. */
  readonly recall: number
  readonly f1: number
  /** Seconds; NaN where nothing overlaps. */
  readonly boundaryMedian: number
  readonly boundaryMean: number
}

/** VCSL precision and recall over all pairs, where pairs of at least `threshold` are taken. */
export function scoreSegments(pairs: readonly Pair[], threshold: number): SegmentScore {
  const precisions: number[] = []
  const recalls: number[] = []
  const errors: number[] = []
  for (const { rows, score, truth } of pairs) {
    const taken = score >= threshold ? rows : []
    const { precision, recall } = segmentAgreement(taken, truth)
    if (truth.length > 0) recalls.push(recall)
    if (taken.length > 0) precisions.push(precision)
    errors.push(...boundaryErrors(taken, truth))
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

export const mean = (values: readonly number[]): number =>
  values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : Number.NaN
