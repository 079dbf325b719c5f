import { type FailedLimit, judgePair, type Policy } from '@kinoprint/core'
import type { Detection } from '@kinoprint/store'
import type { LibraryMatch } from './search-library.ts'

/** Near misses that a search keeps, best first. */
const MAX_NEAR = 5

/** The settings of a library that decide what its searches report. */
export type ReportSettings = { readonly policy: Policy; readonly minSimilar: number }

/** A pair that a search keeps. */
export type JudgedMatch = {
  readonly detection: Detection
  /** In the job's result, for review only, or a near miss. */
  readonly verdict: 'report' | 'review' | 'near'
  /** Why it is not in the result; null if it is. */
  readonly failed: FailedLimit | null
}

/** What a search keeps of the pairs that it aligned, best first: those that it reports, those for review, and near misses. */
export function judgeMatches(matches: readonly LibraryMatch[], settings: ReportSettings): JudgedMatch[] {
  let near = 0
  return matches.flatMap(({ accepted, pictures: _, ...detection }): JudgedMatch[] => {
    const { verdict, failed } = judgePair(factsOf(detection, accepted), settings)
    if (verdict === 'drop' || (verdict === 'near' && ++near > MAX_NEAR)) return []
    return [{ detection, verdict, failed }]
  })
}

/** The pairs that a job reports. */
export function detectionsOf(judged: readonly JudgedMatch[]): Detection[] {
  return judged.filter(({ verdict }) => verdict === 'report').map(({ detection }) => detection)
}

/** A score is rounded, so one of just under the threshold may equal it. */
const BELOW_ACCEPTED = 0.4499

function factsOf({ segments, score, ...detection }: Detection, accepted: boolean) {
  const counted = segments.filter(({ weak }) => !weak)
  return {
    ...detection,
    score: accepted ? score : Math.min(score, BELOW_ACCEPTED),
    similarSeconds: coveredSeconds(counted),
    hasPicture: counted.some(({ kind }) => kind !== 'audio'),
    hasSound: counted.some(({ kind }) => kind !== 'video'),
  }
}

/** Seconds of the query that segments cover, counting overlaps once. */
function coveredSeconds(segments: Detection['segments']): number {
  let covered = 0
  let reached = 0
  for (const { queryStart, queryEnd } of [...segments].sort((a, b) => a.queryStart - b.queryStart)) {
    covered += Math.max(0, queryEnd - Math.max(reached, queryStart))
    reached = Math.max(reached, queryEnd)
  }
  return Math.round(1000 * covered) / 1000
}
