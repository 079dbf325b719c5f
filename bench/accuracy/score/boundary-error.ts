import type { Passage } from '../manifest.ts'
import { common, lengthOf, overlap, querySide, refSide } from './interval.ts'

/**
 * For each expected segment that a predicted one overlaps in both videos: the mean distance of the four boundaries to
 * the one that overlaps most, in seconds.
 */
export function boundaryErrors(predicted: readonly Passage[], expected: readonly Passage[]): number[] {
  return expected.flatMap((passage) => {
    const best = bestOverlap(passage, predicted)
    return best === null ? [] : [distance(passage, best)]
  })
}

function bestOverlap(passage: Passage, predicted: readonly Passage[]): Passage | null {
  let best: Passage | null = null
  let bestArea = 0
  for (const other of predicted) {
    if (!overlap(passage, other)) continue
    const area =
      lengthOf(common(querySide(passage), querySide(other))) *
      lengthOf(common(refSide(passage), refSide(other)))
    if (area > bestArea) {
      bestArea = area
      best = other
    }
  }
  return best
}

const EDGES = ['queryStart', 'queryEnd', 'refStart', 'refEnd'] as const

function distance(a: Passage, b: Passage): number {
  return EDGES.reduce((sum, edge) => sum + Math.abs(a[edge] - b[edge]), 0) / EDGES.length
}
