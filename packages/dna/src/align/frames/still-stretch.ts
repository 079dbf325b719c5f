import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { hashDistance } from '../../hash/hamming.ts'
import { MOSTLY_STILL, MOTION_LAG_MS } from './frame-evidence.ts'
import { frameTimelineOf, runAtMs } from './frame-timeline.ts'
import { STILL_CHANGE_BITS } from './motion.ts'

/** Whether the whole picture of a video hardly changes during most of a stretch, as in a card or a cover. */
export function isStillStretch(
  { video, durationSeconds }: Fingerprint,
  [fromMs, toMs]: readonly [number, number],
): boolean {
  const timeline = frameTimelineOf(video, durationSeconds)
  let [samples, still] = [0, 0]
  for (let ms = fromMs; ms + MOTION_LAG_MS <= toMs; ms += timeline.stepMs) {
    const [here, later] = [runAtMs(timeline, ms), runAtMs(timeline, ms + MOTION_LAG_MS)]
    if (here < 0 || later < 0) continue
    samples++
    if (hashDistance(timeline.hashes, here, { b: timeline.hashes, j: later }) < STILL_CHANGE_BITS) still++
  }
  return samples > 0 && still >= MOSTLY_STILL * samples
}
