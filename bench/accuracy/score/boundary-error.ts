import type { Passage } from '../manifest.ts'
import { common, lengthOf, overlap, querySide, refSide } from './interval.ts'

/**
 * For each true passage that some predicted one overlaps on both sides: the mean distance of the four boundaries
 * of the one that overlaps most, in seconds.
 */
export function boundaryErrors(predicted: readonly Passage[], truth: readonly Passage[]): number[] {
  return truth.flatMap((passage) => {
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

const distance = (a: Passage, b: Passage): number =>
  EDGES.reduce((sum, edge) => sum + Math.abs(a[edge] - b[edge]), 0) / EDGES.length
