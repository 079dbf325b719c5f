import { AUDIO_VARIANTS, variantItems, variantLength } from '../audio/audio-variants.ts'
import { ITEM_MS } from '../audio/chromaprint.ts'
import { audioTimelineOf } from '../fingerprint/audio-timeline.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { WINDOW_ITEMS, WINDOW_STEP } from './audio-windows.ts'
import type { TimedHash } from './timed-hash.ts'

/**
 * Windows of each variant. They are spread over as many items as lie between two entries of the index, so that one of
 * them is at most four items away from an entry.
 */
const WINDOWS = 2
const SPACING = WINDOW_STEP / WINDOWS
/** Items that the windows span, and in which a query should be lively. */
const SPAN = SPACING * (WINDOWS - 1) + WINDOW_ITEMS

/** Returns a few windows of each variant of a query's audio, where it is liveliest. */
export function variantWindowsOf(fingerprint: Fingerprint): TimedHash[] {
  const spectra = fingerprint.audio?.spectra
  const timeline = audioTimelineOf(fingerprint)
  if (!spectra || !timeline) return []
  const middle = liveliestStretch(timeline.lively) + SPAN / 2
  return AUDIO_VARIANTS.flatMap((variant, audioVariant) => {
    const length = variantLength(spectra, variant)
    const from = Math.round(Math.max(0, Math.min(middle * variant.speed - SPAN / 2, length - SPAN)))
    const { items, bitErrorRates } = variantItems(spectra, variant, {
      from,
      to: Math.min(length, from + SPAN),
    })
    return Array.from({ length: WINDOWS }, (_, i) => i * SPACING)
      .filter((first) => first + WINDOW_ITEMS <= items.length)
      .map((first) => ({
        timeMs: Math.max(0, Math.round(timeline.startMs + ((from + first) / variant.speed) * ITEM_MS)),
        hash: items.slice(first, first + WINDOW_ITEMS),
        bitErrorRates: bitErrorRates.slice(32 * first, 32 * (first + WINDOW_ITEMS)),
        audioVariant,
      }))
  })
}

/** First item of the stretch with the highest sum of liveliness. */
function liveliestStretch(lively: Float32Array): number {
  let sum = 0
  let best = -1
  let first = 0
  for (let item = 0; item < lively.length; item++) {
    sum += (lively[item] as number) - (lively[item - SPAN] ?? 0)
    if (sum > best + 1e-6) {
      best = sum
      first = Math.max(0, item - SPAN + 1)
    }
  }
  return first
}
