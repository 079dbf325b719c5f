import { SILENT_ITEM } from '../audio/chromaprint.ts'
import type { Fingerprint } from '../fingerprint.ts'
import { popcount } from './hamming.ts'
import { durationMsOf } from './picture-lane.ts'

/** Time between two sub-fingerprints: 4096 samples less an overlap of 2731, at 11025 Hz. Source: Chromaprint. */
export const ITEM_MS = (1365 / 11_025) * 1000
/** What one sub-fingerprint hears: 16 + 4 chroma frames of 4096 samples, 1365 apart. Source: Chromaprint. */
export const ITEM_SPAN_MS = ((4096 + 19 * 1365) / 11_025) * 1000
/** Sound is lively where its sub-fingerprint changes this many bits in a second; silence and hum change none. */
const LIVELY_BITS = 6
const LAG = 8
/** 24 hours: a bound on memory for fingerprints that claim more. */
const MAX_ITEMS = 700_000

/** The sound track: item i starts at startMs + i x ITEM_MS. */
export type SoundLane = {
  readonly startMs: number
  readonly durationMs: number
  readonly items: Uint32Array
  /** 0..1 for each item: how much it changes within a second, which is how much it can tell. */
  readonly lively: Float32Array
  /** As in the audio track. */
  readonly doubts?: Uint8Array | undefined
}

/** The sound of a fingerprint ready for alignment, or null where it has none. */
export function soundLaneOf({ audio, durationSeconds }: Fingerprint): SoundLane | null {
  if (!audio || audio.items.length === 0) return null
  const items = audio.items.subarray(0, MAX_ITEMS)
  const startMs = Number.isFinite(audio.startMs) ? audio.startMs : 0
  const lively = livelinessOf(items)
  return { startMs, durationMs: durationMsOf(durationSeconds), items, lively, doubts: audio.doubts }
}

/** Change between each item and those a second before and after, the larger of both, as a share of LIVELY_BITS; silence has none. */
function livelinessOf(items: Uint32Array): Float32Array {
  const change = (i: number, j: number) => popcount(((items[i] ?? 0) ^ (items[j] ?? 0)) >>> 0)
  return Float32Array.from(items, (item, i) => {
    if (item === SILENT_ITEM) return 0
    const before = i >= LAG ? change(i, i - LAG) : 0
    const after = i + LAG < items.length ? change(i, i + LAG) : 0
    return Math.min(1, Math.max(before, after) / LIVELY_BITS)
  })
}
