import { AUDIO_VARIANTS, variantItems, variantLength } from '../audio/audio-variants.ts'
import { ITEM_MS } from '../audio/chromaprint.ts'
import { audioTimelineOf } from '../fingerprint/audio-timeline.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { WINDOW_ITEMS, WINDOW_STEP } from './audio-windows.ts'
import type { TimedHash } from './timed-hash.ts'

/** Stretches of the query that are looked up, the liveliest ones. */
const STRETCHES = 3
/**
 * Windows of each stretch, spread over as many items as lie between two entries of the index: one of them is at most an item
 * away from an entry. Among 1,000 hours, half as many rank 28 of 200 copies among the first six, and these 39.
 */
const WINDOWS = 8
/** Items between two windows, and of all windows of a stretch. */
const SPACING = WINDOW_STEP / WINDOWS
const SPAN = SPACING * (WINDOWS - 1) + WINDOW_ITEMS

/** Returns windows of each variant of a query's audio, where it is liveliest: at most 672. None without its spectra. */
export function variantWindowsOf(fingerprint: Fingerprint): TimedHash[] {
  const spectra = fingerprint.audio?.spectra
  const timeline = audioTimelineOf(fingerprint)
  if (!spectra || !timeline) return []
  const middles = liveliestStretches(timeline.lively).map((first) => first + SPAN / 2)
  return AUDIO_VARIANTS.flatMap((variant, audioVariant) => {
    const length = variantLength(spectra, variant)
    return middles.flatMap((middle) => {
      const from = Math.round(Math.max(0, Math.min(middle * variant.speed - SPAN / 2, length - SPAN)))
      const to = Math.min(length, from + SPAN)
      const { items, bitErrorRates } = variantItems(spectra, variant, { from, to, withBitErrorRates: true })
      return Array.from({ length: WINDOWS }, (_, i) => i * SPACING)
        .filter((first) => first + WINDOW_ITEMS <= items.length)
        .map((first) => ({
          timeMs: Math.max(0, Math.round(timeline.startMs + ((from + first) / variant.speed) * ITEM_MS)),
          hash: items.slice(first, first + WINDOW_ITEMS),
          bitErrorRates: bitErrorRates.slice(32 * first, 32 * (first + WINDOW_ITEMS)),
          audioVariant,
        }))
    })
  })
}

/** First items of the stretches with the highest sums of liveliness, without an item in common. Silence has none. */
function liveliestStretches(lively: Float32Array): number[] {
  const sums = sumsOverSpan(lively)
  const chosen: number[] = []
  while (chosen.length < STRETCHES) {
    let best = 0
    let at = -1
    for (const [first, sum] of sums.entries())
      if (sum > best + 1e-6 && chosen.every((other) => Math.abs(other - first) >= SPAN)) {
        best = sum
        at = first
      }
    if (at < 0) break
    chosen.push(at)
  }
  return chosen
}

/** The sum over a stretch from each item on; a single sum if there are fewer items. */
function sumsOverSpan(values: Float32Array): number[] {
  const sums: number[] = []
  let sum = 0
  for (let at = 0; at < values.length; at++) {
    sum += (values[at] as number) - (values[at - SPAN] ?? 0)
    if (at >= SPAN - 1 || at === values.length - 1) sums.push(sum)
  }
  return sums
}
