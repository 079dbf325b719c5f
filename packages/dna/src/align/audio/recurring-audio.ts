import { ITEM_MS } from '../../audio/chromaprint.ts'
import type { AudioTimeline } from '../../fingerprint/audio-timeline.ts'
import { popcount } from '../../hash/hamming.ts'
import { nearestIndex } from '../lines/nearest-index.ts'
import type { TrackSegment } from '../segments/segment.ts'

/** Delays, in items, after which audio may repeat itself: 1 to 5 s. A longer phrase is music. */
const [SHORTEST_DELAY, LONGEST_DELAY] = [8, 40]
/** Repetitions that must equal an item, before or after it: a phrase that occurs only twice is not meant. */
const REPETITIONS = [1, 2]
/**
 * Audio repeats itself if at most this share of its bits differs from both repetitions. Sirens, scales and crickets reach 0.03
 * to 0.07, sweeps 0.09. Live sound, speech and the music of 60 clips reach 0.16 or more within 3 s. The tone of a test card,
 * 0.11, may have company that tells it from another one.
 */
const SAME_SHARE = 0.095
/** Fewer lively items (a second of them) prove nothing. */
const MIN_LIVELY = 8
/** Less than what confirms a static picture (pair-score.ts). */
const RECURRING_EVIDENCE = 1.5

/**
 * Lets segments count little whose audio repeats itself within 5 s on the side of the reference, as sirens and alarms do:
 * other recordings of such a sound are equal to it.
 */
export function weighRecurringAudio(
  segments: readonly TrackSegment[],
  ref: AudioTimeline | null,
): TrackSegment[] {
  return segments.map((segment) =>
    ref !== null && repeatsItself(ref, segment)
      ? { ...segment, evidence: Math.min(RECURRING_EVIDENCE, segment.evidence), isStatic: true }
      : segment,
  )
}

/** Whether the audio of a stretch of the reference is the same again and again, within it or around it. */
export function repeatsItself(
  { startMs, items, lively }: AudioTimeline,
  { refStartMs, refEndMs }: Pick<TrackSegment, 'refStartMs' | 'refEndMs'>,
): boolean {
  const itemAt = (ms: number) => nearestIndex((ms - startMs) / ITEM_MS)
  const [from, to] = [Math.max(0, itemAt(refStartMs)), Math.min(items.length, itemAt(refEndMs))]
  for (let delay = SHORTEST_DELAY; delay <= LONGEST_DELAY; delay++) {
    let bits = 0
    let weights = 0
    for (let item = from; item < to; item++) {
      const weight = lively[item] as number
      if (weight === 0) continue
      bits += weight * bitsOfRepetitions(items, { item, delay })
      weights += weight
    }
    if (weights >= MIN_LIVELY && bits <= 32 * SAME_SHARE * weights) return true
  }
  return false
}

/** Mean bits, 0 to 32, in which an item differs from its repetitions, each the nearer one of those before and after it. */
function bitsOfRepetitions(
  items: Uint32Array,
  { item, delay }: { readonly item: number; readonly delay: number },
): number {
  let bits = 0
  // A loop, because `map` allocates for every item and delay of a long segment.
  for (const times of REPETITIONS)
    bits += Math.min(
      bitsBetween(items, item, item - times * delay),
      bitsBetween(items, item, item + times * delay),
    )
  return bits / REPETITIONS.length
}

/** Bits, 0 to 32, in which two items differ; 32 outside the audio. */
function bitsBetween(items: Uint32Array, a: number, b: number): number {
  const other = items[b]
  return other === undefined ? 32 : popcount(((items[a] as number) ^ other) >>> 0)
}
