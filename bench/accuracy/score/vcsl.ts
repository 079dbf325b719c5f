import type { Passage } from '../manifest.ts'
import { common, type Interval, overlap, querySide, refSide, totalLength, unionLength } from './interval.ts'

/** As in VCSL's reference code: avoids a division by zero. */
const TINY_SECONDS = 1e-6

/**
 * Segment precision and recall of one pair of videos as defined by VCSL (alipay/VCSL, vcsl/metric.py,
 * precision_recall): the covered share of the query times the covered share of the reference. A segment found in pieces
 * loses nothing, and one at the wrong position of the reference gains nothing.
 */
export function segmentAgreement(
  predicted: readonly Passage[],
  expected: readonly Passage[],
): { precision: number; recall: number } {
  if (predicted.length === 0 || expected.length === 0)
    return { precision: predicted.length === 0 ? 1 : 0, recall: expected.length === 0 ? 1 : 0 }
  return { precision: coveredShare(predicted, expected), recall: coveredShare(expected, predicted) }
}

function coveredShare(passages: readonly Passage[], others: readonly Passage[]): number {
  const on = (side: (passage: Passage) => Interval): number => {
    const covered = passages.map((passage) => {
      const met = others.filter((other) => overlap(passage, other))
      return unionLength(met.map((other) => common(side(passage), side(other))))
    })
    return (
      covered.reduce((sum, seconds) => sum + seconds, 0) / (totalLength(passages.map(side)) + TINY_SECONDS)
    )
  }
  return on(querySide) * on(refSide)
}

/** Harmonic mean; 0 if both are 0. */
export function f1(precision: number, recall: number): number {
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0
}
