import { SILENT_ITEM } from '../audio/chromaprint.ts'
import { popcount } from '../hash/hamming.ts'
import { type Fingerprint, usableDurationMs } from './fingerprint.ts'

/**
 * An item is fully lively if at least this many of its bits change within a second. In silence and hum, no bits change.
 */
const LIVELY_BITS = 6
/** Items per second. */
const LAG = 8
/** 24 hours: limits memory for fingerprints that claim more. */
const MAX_ITEMS = 700_000

/** The audio of a fingerprint: item i starts at startMs + i x ITEM_MS. */
export type AudioTimeline = {
  readonly startMs: number
  readonly durationMs: number
  readonly items: Uint32Array
  /**
   * Liveliness of each item, 0 to 1: how much it changes within a second, and therefore how much evidence it carries.
   */
  readonly lively: Float32Array
  /** As in the audio track. */
  readonly bitErrorRates?: Uint8Array | undefined
}

/** Returns the audio of a fingerprint, ready for alignment and indexing; null if it has none. */
export function audioTimelineOf({ audio, durationSeconds }: Fingerprint): AudioTimeline | null {
  if (!audio || audio.items.length === 0) return null
  const items = audio.items.subarray(0, MAX_ITEMS)
  return timelineOfItems({
    startMs: Number.isFinite(audio.startMs) ? audio.startMs : 0,
    durationMs: usableDurationMs(durationSeconds),
    items,
    bitErrorRates: audio.bitErrorRates,
  })
}

/** Adds the liveliness of the items. */
export function timelineOfItems(timeline: Omit<AudioTimeline, 'lively'>): AudioTimeline {
  return { ...timeline, lively: livelinessOf(timeline.items) }
}

/**
 * Change relative to the item one second before or after, the larger of the two, as a share of LIVELY_BITS; 0 for
 * silence.
 */
function livelinessOf(items: Uint32Array): Float32Array {
  const lively = new Float32Array(items.length)
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as number
    if (item === SILENT_ITEM) continue
    const before = i >= LAG ? popcount((item ^ (items[i - LAG] as number)) >>> 0) : 0
    const after = i + LAG < items.length ? popcount((item ^ (items[i + LAG] as number)) >>> 0) : 0
    lively[i] = Math.min(1, Math.max(before, after) / LIVELY_BITS)
  }
  return lively
}
