import type { Fingerprint } from '../fingerprint.ts'
import { ITEM_MS, type SoundLane, soundLaneOf } from '../match/sound-lane.ts'
import { KEY_ITEM } from './cells.ts'
import type { Probe } from './probe.ts'

/** Sub-fingerprints in one window: 8 x 32 bits make one hash of 256. */
const WINDOW_ITEMS = 8
/** Items from one window of the index to the next: about 2 s. */
export const WINDOW_STEP = 16
/** Mean liveliness (see the sound lane) under which a window is silence or hum and not entered; nor is one of a silent key. */
const MIN_LIVELY = 0.5

/** The windows of sound that the candidate index holds for a video: one in 2 s, silent ones left out. */
export function audioWindowsOf(fingerprint: Fingerprint): Probe[] {
  const lane = soundLaneOf(fingerprint)
  return lane ? windowsAt(lane, { step: WINDOW_STEP }) : []
}

/** The lively windows of a lane, one every `step` items. */
export function windowsAt(lane: SoundLane, { step }: { step: number }): Probe[] {
  const windows: Probe[] = []
  for (let first = 0; first + WINDOW_ITEMS <= lane.items.length; first += step) {
    const lively = lane.lively.subarray(first, first + WINDOW_ITEMS)
    const mean = lively.reduce((sum, value) => sum + value, 0) / WINDOW_ITEMS
    if (mean < MIN_LIVELY || lively[KEY_ITEM] === 0) continue
    const doubts = lane.doubts?.slice(32 * first, 32 * (first + WINDOW_ITEMS))
    windows.push({
      timeMs: Math.max(0, Math.round(lane.startMs + first * ITEM_MS)),
      hash: lane.items.slice(first, first + WINDOW_ITEMS),
      ...(doubts && { doubts }),
    })
  }
  return windows
}
