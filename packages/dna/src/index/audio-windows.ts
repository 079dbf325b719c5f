import { ITEM_MS } from '../audio/chromaprint.ts'
import { type AudioTimeline, audioTimelineOf } from '../fingerprint/audio-timeline.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { KEY_ITEM } from './buckets.ts'
import type { TimedHash } from './timed-hash.ts'

/** Sub-fingerprints in one audio window: 8 x 32 bits make one hash of 256. */
export const WINDOW_ITEMS = 8
/** Items between consecutive windows of the index: about 2 s. */
export const WINDOW_STEP = 16
/**
 * Windows of lower mean liveliness are silence or hum and are skipped, as are windows whose key item is not lively at
 * all.
 */
const MIN_LIVELINESS = 0.5

/** Returns the audio windows of a video that the candidate index contains: one every 2 s, except silence and hum. */
export function audioWindowsOf(fingerprint: Fingerprint): TimedHash[] {
  const timeline = audioTimelineOf(fingerprint)
  return timeline ? windowsAt(timeline, { step: WINDOW_STEP }) : []
}

/** Returns the lively windows of a timeline, one every `step` items. */
export function windowsAt(timeline: AudioTimeline, { step }: { step: number }): TimedHash[] {
  const windows: TimedHash[] = []
  for (let first = 0; first + WINDOW_ITEMS <= timeline.items.length; first += step) {
    const lively = timeline.lively.subarray(first, first + WINDOW_ITEMS)
    const mean = lively.reduce((sum, value) => sum + value, 0) / WINDOW_ITEMS
    if (mean < MIN_LIVELINESS || lively[KEY_ITEM] === 0) continue
    const bitErrorRates = timeline.bitErrorRates?.slice(32 * first, 32 * (first + WINDOW_ITEMS))
    windows.push({
      timeMs: Math.max(0, Math.round(timeline.startMs + first * ITEM_MS)),
      hash: timeline.items.slice(first, first + WINDOW_ITEMS),
      ...(bitErrorRates && { bitErrorRates }),
    })
  }
  return windows
}
