import { AUDIO_VARIANTS, variantItems, variantLength } from '../audio/audio-variants.ts'
import { ITEM_MS } from '../audio/chromaprint.ts'
import { audioTimelineOf } from '../fingerprint/audio-timeline.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { WINDOW_ITEMS, WINDOW_STEP } from './audio-windows.ts'
import type { TimedHash } from './timed-hash.ts'

/** How many windows of each variant are looked up. */
type WindowCount = {
  /** Stretches of the query, the liveliest ones. */
  readonly stretches: number
  /**
   * Windows of each stretch. They are spread over as many items as lie between two entries of the index, so that one of
   * two is at most four items away from an entry, and one of four at most two.
   */
  readonly windows: number
}

export const FEW_WINDOWS: WindowCount = { stretches: 1, windows: 2 }
export const MANY_WINDOWS: WindowCount = { stretches: 3, windows: 4 }

/** Returns windows of each variant of a query's audio, where it is liveliest. */
export function variantWindowsOf(fingerprint: Fingerprint, { stretches, windows }: WindowCount): TimedHash[] {
  const spectra = fingerprint.audio?.spectra
  const timeline = audioTimelineOf(fingerprint)
  if (!spectra || !timeline) return []
  const spacing = WINDOW_STEP / windows
  const span = spacing * (windows - 1) + WINDOW_ITEMS
  const middles = liveliestStretches(timeline.lively, { span, count: stretches }).map(
    (first) => first + span / 2,
  )
  return AUDIO_VARIANTS.flatMap((variant, audioVariant) => {
    const length = variantLength(spectra, variant)
    return middles.flatMap((middle) => {
      const from = Math.round(Math.max(0, Math.min(middle * variant.speed - span / 2, length - span)))
      const to = Math.min(length, from + span)
      const { items, bitErrorRates } = variantItems(spectra, variant, { from, to })
      return Array.from({ length: windows }, (_, i) => i * spacing)
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

/**
 * First items of the stretches of `span` items with the highest sums of liveliness, without an item in common. Silence has
 * none.
 */
function liveliestStretches(
  lively: Float32Array,
  { span, count }: { readonly span: number; readonly count: number },
): number[] {
  const sums = sumsOver(lively, span)
  const chosen: number[] = []
  while (chosen.length < count) {
    let best = 0
    let at = -1
    for (const [first, sum] of sums.entries())
      if (sum > best + 1e-6 && chosen.every((other) => Math.abs(other - first) >= span)) {
        best = sum
        at = first
      }
    if (at < 0) break
    chosen.push(at)
  }
  return chosen
}

/** The sum from each item on; a single sum if there are fewer items than `span`. */
function sumsOver(values: Float32Array, span: number): number[] {
  const sums: number[] = []
  let sum = 0
  for (let at = 0; at < values.length; at++) {
    sum += (values[at] as number) - (values[at - span] ?? 0)
    if (at >= span - 1 || at === values.length - 1) sums.push(sum)
  }
  return sums
}
