import { ITEM_MS } from '../../audio/chromaprint.ts'
import type { AudioTimeline } from '../../fingerprint/audio-timeline.ts'
import { popcount } from '../../hash/hamming.ts'
import { nearestIndex } from '../lines/nearest-index.ts'

/** What to compare: a stretch of one audio, in milliseconds, and the moment of the other that belongs to each of its own. */
export type ComparedStretch = {
  readonly fromMs: number
  readonly toMs: number
  readonly otherMsOf: (ms: number) => number
  /** Without this many lively items on both sides there is no verdict. */
  readonly minLively: number
}

/**
 * Share of differing bits, 0 to 1, along a stretch of audio, weighted by the liveliness of the less lively side; null if too
 * few items are lively. Unrelated audio differs in 0.45.
 */
export function audioDifference(
  own: AudioTimeline,
  other: AudioTimeline,
  { fromMs, toMs, otherMsOf, minLively }: ComparedStretch,
): number | null {
  const itemAt = (timeline: AudioTimeline, ms: number) => nearestIndex((ms - timeline.startMs) / ITEM_MS)
  let bits = 0
  let weights = 0
  for (let item = Math.max(0, itemAt(own, fromMs)); item < own.items.length; item++) {
    const ms = own.startMs + item * ITEM_MS
    if (ms >= toMs) break
    const there = itemAt(other, otherMsOf(ms))
    const otherItem = other.items[there]
    if (otherItem === undefined) continue
    const lively = Math.min(own.lively[item] as number, other.lively[there] as number)
    bits += lively * popcount(((own.items[item] as number) ^ otherItem) >>> 0)
    weights += lively
  }
  return weights >= minLively ? bits / weights / 32 : null
}
