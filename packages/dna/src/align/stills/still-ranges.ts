import { type Fingerprint, usableDurationMs } from '../../fingerprint/fingerprint.ts'
import { scanner } from '../../hash/scanner.ts'
import { keypointMomentsOf } from './still-keypoints.ts'
import { MAX_STILL_BITS, scoreOfBits } from './still-score.ts'
import { stillViewsOf } from './still-views.ts'

/** A stretch of a video, in milliseconds, that may show a still between its stored frames. */
export type StillRange = {
  readonly fromMs: number
  readonly toMs: number
  /** Confidence, 0 to 1, in the stored frame that suggests it. */
  readonly score: number
}

/** The picture of a still is this near to a stored frame of the same shot, in milliseconds. */
const AROUND_MS = 500
/** Of a static scene, this much is enough, in milliseconds. */
const LONGEST_MS = 2000
const MAX_RANGES = 8

/**
 * The stretches of a video around the stored frames that resemble a still most, likeliest first, without overlaps. They
 * are those to decode at the full frame rate.
 */
export function stillRanges(query: Fingerprint, ref: Fingerprint): StillRange[] {
  const durationMs = usableDurationMs(ref.durationSeconds)
  const likeliest = [...hashRanges(query, ref), ...keypointRanges(query, ref)].sort(
    (a, b) => b.score - a.score || a.fromMs - b.fromMs,
  )
  const chosen: StillRange[] = []
  for (const { fromMs, toMs, score } of likeliest) {
    if (chosen.length === MAX_RANGES) break
    const range = { fromMs: Math.max(0, fromMs), toMs: Math.min(durationMs, toMs), score }
    const overlaps = chosen.some((other) => range.fromMs < other.toMs && range.toMs > other.fromMs)
    if (!overlaps && range.toMs > range.fromMs) chosen.push(range)
  }
  return chosen
}

function hashRanges(query: Fingerprint, ref: Fingerprint): StillRange[] {
  const quality = query.video.quality[0] ?? 0
  return stillViewsOf(query, ref).flatMap(({ hash, frames, intervalMs, handicap }) => {
    scanner.loadHashes(frames.hashes)
    const finds = scanner.near(hash, MAX_STILL_BITS - handicap)
    const aroundMs = Math.max(AROUND_MS, intervalMs)
    return Array.from({ length: finds.length / 2 }, (_, find) => {
      const [run, bits] = [finds[2 * find] ?? 0, finds[2 * find + 1] ?? 0]
      const startMs = frames.startMs[run] ?? 0
      const lastMs = Math.min(frames.lastMs[run] ?? startMs, startMs + LONGEST_MS)
      return {
        fromMs: startMs - aroundMs,
        toMs: lastMs + aroundMs,
        score: scoreOfBits(bits + handicap, Math.min(quality, frames.quality[run] ?? 0)),
      }
    })
  })
}

function keypointRanges(query: Fingerprint, ref: Fingerprint): StillRange[] {
  return keypointMomentsOf(query, ref).map(({ fromMs, toMs, score }) => {
    const middleMs = (fromMs + toMs) / 2
    const halfMs = Math.min(toMs - fromMs, 2 * LONGEST_MS) / 2
    return { fromMs: middleMs - halfMs, toMs: middleMs + halfMs, score }
  })
}
