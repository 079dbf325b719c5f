import type { Detection } from '../jobs/job.ts'
import type { Passage } from '../matches/passage.ts'
import { isCounted } from '../matches/passage.ts'

/**
 * A detection without its ignored passages; null if no passage is left. Its score is that of the best one left, because
 * the score of the whole pair rests on all of them.
 */
export function trimDetection<Reported extends Detection>(
  detection: Reported,
  passages: readonly Passage[],
  { queryDuration }: { readonly queryDuration: number },
): Reported | null {
  if (passages.every(({ ignored = null }) => ignored === null)) return detection
  const kept = passages.filter(({ ignored = null }) => ignored === null)
  const counted = kept.filter(isCounted)
  if (counted.length === 0) return null
  const isIn = (track: 'video' | 'audio') => counted.some(({ kind }) => kind === 'both' || kind === track)
  return {
    ...detection,
    score: Math.min(detection.score, Math.max(...counted.map(({ score }) => score))),
    similar: isIn('video') ? detection.similar : 0,
    audioSimilar: isIn('audio') ? detection.audioSimilar : 0,
    queryCoverage: coverage(
      counted.map(({ queryStart, queryEnd }) => [queryStart, queryEnd]),
      queryDuration,
    ),
    refCoverage: coverage(
      counted.map(({ refStart, refEnd }) => [refStart, refEnd]),
      detection.durationSeconds,
    ),
    segments: kept.map(({ ignored: _, cutFrom: __, ...segment }) => segment),
  }
}

/** Share of a duration, 0 to 1, that the union of ranges covers. */
function coverage(ranges: readonly (readonly [number, number])[], duration: number): number {
  let covered = 0
  let reached = 0
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    covered += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return duration > 0 ? Math.min(1, covered / duration) : 0
}
