import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { storedPart } from '../fingerprint/fingerprint-builder.ts'
import { matchFingerprints } from './match-fingerprints.ts'
import type { PairMatch } from './segments/segment.ts'
import { swapSides } from './segments/swap-sides.ts'

/** The longer video becomes the query only if that raises the score by more than this. */
const CLEAR_GAIN = 0.05

type CompareOptions = {
  /** Returns the most likely alignment if nothing is proven. */
  readonly includeWeak?: boolean | undefined
}

/**
 * Finds what two videos share when neither belongs to a library. The result for (b, a) is the result for (a, b) with
 * sides swapped. Both directions are matched, with all views of the query and what a library stores of the reference: a
 * query has far more keypoints, among which those of unrelated videos agree. Times are more accurate with the shorter video
 * as the query.
 *
 * @example
 * const { segments } = compareFingerprints(a, b) // queryStart is a time in a, refStart in b
 */
export function compareFingerprints(
  a: Fingerprint,
  b: Fingerprint,
  { includeWeak = false }: CompareOptions = {},
): PairMatch {
  const isInOrder = order(a, b) <= 0
  const [short, long] = isInOrder ? [a, b] : [b, a]
  const stored = storedPart(long)
  const forth = matchFingerprints(short, stored)
  const back = matchFingerprints(long, storedPart(short))
  const takesBack = back.score > forth.score + CLEAR_GAIN || (back.accepted && !forth.accepted)
  const best = takesBack ? back : forth
  if (includeWeak && best.segments.length === 0) {
    const weak = matchFingerprints(short, stored, { includeWeak })
    return isInOrder ? weak : swapSides(weak)
  }
  return takesBack === isInOrder ? swapSides(best) : best
}

/** Negative if `a` comes first: the shorter video or, for equal lengths, an arbitrary but fixed order. */
function order(a: Fingerprint, b: Fingerprint): number {
  return (
    a.durationSeconds - b.durationSeconds ||
    orderOf(a.video.hashes, b.video.hashes) ||
    orderOf(a.audio?.items ?? new Uint32Array(), b.audio?.items ?? new Uint32Array())
  )
}

function orderOf(a: Uint32Array, b: Uint32Array): number {
  const at = a.findIndex((word, i) => word !== b[i])
  return at < 0 ? a.length - b.length : (a[at] as number) - (b[at] ?? -1)
}
