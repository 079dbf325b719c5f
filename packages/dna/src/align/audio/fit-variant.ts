import { type AudioVariant, variantItems, variantLength } from '../../audio/audio-variants.ts'
import { ITEM_MS } from '../../audio/chromaprint.ts'
import type { AudioTimeline } from '../../fingerprint/audio-timeline.ts'
import { popcount } from '../../hash/hamming.ts'
import { maxSumInterval } from '../lines/max-sum-interval.ts'
import { nearestIndex } from '../lines/nearest-index.ts'
import { NEUTRAL_BITS } from './audio-hits.ts'

/** The audio of a query, and its compact spectra. */
export type QuerySpectra = { readonly spectra: Uint8Array; readonly startMs: number }

/** A moment of the query and one of the reference that may be the same. */
export type Anchor = { readonly queryMs: number; readonly refMs: number }

/** Inaccuracy of an anchor in items: a window of the query is at most four from an entry of the index. */
const ANCHOR_ITEMS = 5

/**
 * Compares a variant of the query with the reference around an anchor, up to `reachMs` before and after it. Returns the
 * evidence, in units of one exactly matching item, and where the variant fits best.
 */
export function fitVariant(
  { spectra, startMs }: QuerySpectra,
  ref: AudioTimeline,
  { variant, anchor, reachMs }: { variant: AudioVariant; anchor: Anchor; reachMs: number },
): { evidence: number; anchor: Anchor } {
  const at = ((anchor.queryMs - startMs) * variant.speed) / ITEM_MS
  const reach = (reachMs * variant.speed) / ITEM_MS
  const from = Math.max(0, Math.floor(at - reach))
  const to = Math.min(variantLength(spectra, variant), Math.ceil(at + reach))
  const { items } = variantItems(spectra, variant, { from, to: Math.max(from, to) })
  const shift = (anchor.refMs - ref.startMs) / ITEM_MS - at
  const values = new Float64Array(items.length)
  let best = { evidence: 0, shift }
  for (let step = -ANCHOR_ITEMS; step <= ANCHOR_ITEMS; step++) {
    for (let i = 0; i < items.length; i++) {
      const other = nearestIndex(from + i + shift) + step
      const there = ref.items[other]
      const bits = there === undefined ? NEUTRAL_BITS : popcount(((items[i] as number) ^ there) >>> 0)
      values[i] = (1 - bits / NEUTRAL_BITS) * (ref.lively[other] ?? 0)
    }
    const evidence = maxSumInterval(values)?.sum ?? 0
    if (evidence > best.evidence) best = { evidence, shift: shift + step }
  }
  const refMs = ref.startMs + (at + best.shift) * ITEM_MS
  return { evidence: best.evidence, anchor: { queryMs: anchor.queryMs, refMs } }
}
