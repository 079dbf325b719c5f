import { type Fingerprint, usableDurationMs } from '../../fingerprint/fingerprint.ts'
import { isStill } from '../../fingerprint/still.ts'
import { LOCAL_INTERVAL_MS, storedLocalPart } from '../../local/local-track.ts'
import { placedBoxes } from '../local/align-local.ts'
import { type LocalPair, localPairsOf } from '../local/local-pairs.ts'
import { type StillMoment, timesAround } from './still-moment.ts'
import { scoreOfKeypoints } from './still-score.ts'

/** What agrees nearly as well at most other moments may be a logo or a template: this share of the best, and weight. */
const ALIKE_SHARE = 0.5
const TEMPLATE_SHARE = 0.5
/** Moments further apart than this, in milliseconds, are others. */
const NEAR_MS = 5000

/**
 * The moment whose keypoints agree best with those of a still, upright or mirrored, wherever in the picture and at any
 * size: what is left of a cropped or covered picture.
 */
export function keypointMomentsOf(query: Fingerprint, ref: Fingerprint): StillMoment[] {
  if (!query.local || !ref.local) return []
  const moments = [false, true].map((mirrored) => keypointMoment(query, ref, mirrored))
  return moments.filter((one) => one !== null).sort((a, b) => b.score - a.score)
}

function keypointMoment(query: Fingerprint, ref: Fingerprint, mirrored: boolean): StillMoment | null {
  if (!query.local || !ref.local) return null
  // As many keypoints as in a library, however the reference was made.
  const [here, there] = [query.local, storedLocalPart(ref.local, ref.video)]
  const { pairs, columnMs } = localPairsOf(here, there, { mirrored, seeds: () => [] })
  const best = pairs.reduce<LocalPair | null>((a, b) => (b.weight > (a?.weight ?? 0) ? b : a), null)
  if (best === null) return null
  const bestMs = columnMs[best.column] ?? 0
  const isOther = (column: number): boolean => Math.abs((columnMs[column] ?? 0) - bestMs) > NEAR_MS
  const others = columnMs.filter((_, column) => isOther(column)).length
  const alike = pairs.filter(
    ({ column, weight }) => isOther(column) && weight >= ALIKE_SHARE * best.weight,
  ).length
  const isTemplate = isStill(ref) || alike > others / 2
  const weight = best.weight * (isTemplate ? TEMPLATE_SHARE : 1)
  const times = timesAround({ starts: there.timeMs, lasts: there.timeMs }, best.column, {
    intervalMs: LOCAL_INTERVAL_MS,
    durationMs: usableDurationMs(ref.durationSeconds),
  })
  const boxes = placedBoxes(best.placement, [here.aspect, there.aspect], mirrored)
  const score = scoreOfKeypoints(weight)
  return { ...times, ...boxes, mirrored, turn: 0, score, difference: (1 - score) / 4 }
}
