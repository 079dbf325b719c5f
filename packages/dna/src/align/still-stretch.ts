import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { hashDistance } from '../hash/hamming.ts'
import { frameTimelineOf, runAtMs } from './frame-timeline.ts'

/** Time over which a picture is compared with itself. */
const LAG_MS = 1000
/** A picture is still if fewer bits than this change, which coding alone can cause. */
const STILL_BITS = 10
/** A stretch is still if this share of it is, as for segments of frames (frame-evidence.ts). */
const MOSTLY_STILL = 0.6

/** Whether the whole picture of a video hardly changes during most of a stretch, as in a card or a cover. */
export function isStillStretch(
  { video, durationSeconds }: Fingerprint,
  [fromMs, toMs]: readonly [number, number],
): boolean {
  const timeline = frameTimelineOf(video, durationSeconds)
  let [samples, still] = [0, 0]
  for (let ms = fromMs; ms + LAG_MS <= toMs; ms += timeline.stepMs) {
    const [here, later] = [runAtMs(timeline, ms), runAtMs(timeline, ms + LAG_MS)]
    if (here < 0 || later < 0) continue
    samples++
    if (hashDistance(timeline.hashes, here, { b: timeline.hashes, j: later }) < STILL_BITS) still++
  }
  return samples > 0 && still >= MOSTLY_STILL * samples
}
