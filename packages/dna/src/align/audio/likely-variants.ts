import { AUDIO_VARIANTS, type AudioVariant, variantItems, variantLength } from '../../audio/audio-variants.ts'
import { ITEM_MS, SILENT_ITEM } from '../../audio/chromaprint.ts'
import type { AudioTimeline } from '../../fingerprint/audio-timeline.ts'
import { scanner } from '../../hash/scanner.ts'
import type { SeedAlignment } from '../../index/rank-candidates.ts'
import { remembered } from '../lines/remembered.ts'
import type { QuerySpectra } from './fit-variant.ts'

/** Parts of the query that are compared, and consecutive items in each. */
const PARTS = 4
const PART_ITEMS = 16
/** As in audio-hits.ts. */
const MATCH_BITS = 8
/** Number of alignments that are returned. */
const MAX_SEEDS = 3

/** Consecutive items of a variant, from item `from` on. */
type VariantPart = { readonly audioVariant: number; readonly from: number; readonly items: Uint32Array }

/**
 * Returns the variants of a query's audio that most likely match a reference, and where: those with a part whose items
 * are the most similar at one offset. Compares 1,800 items with the reference.
 */
export function likelyVariants({ spectra, startMs }: QuerySpectra, ref: AudioTimeline): SeedAlignment[] {
  scanner.loadItems(ref.items)
  const votes = new Float32Array(ref.items.length + PART_ITEMS + 2)
  return rememberedPartsOf(spectra)
    .map(({ audioVariant, from, items }) => {
      const { score, refItem } = peakOf(items, { ref, votes })
      const { speed } = AUDIO_VARIANTS[audioVariant] as AudioVariant
      const queryMs = startMs + (from * ITEM_MS) / speed
      return { score, seed: { queryMs, refMs: ref.startMs + refItem * ITEM_MS, audioVariant } }
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_SEEDS)
    .map(({ seed }) => seed)
}

/** By the spectra of a query. Making the items takes longer than comparing them. */
const rememberedPartsOf = remembered(partsOf)

function partsOf(spectra: Uint8Array): VariantPart[] {
  return AUDIO_VARIANTS.flatMap((variant, audioVariant) => {
    const length = variantLength(spectra, variant)
    const starts = Array.from({ length: PARTS }, (_, i) =>
      Math.max(0, Math.floor(((i + 0.5) * length) / PARTS - PART_ITEMS / 2)),
    )
    return [...new Set(starts)].map((from) => {
      const { items } = variantItems(spectra, variant, { from, to: Math.min(length, from + PART_ITEMS) })
      return { audioVariant, from, items }
    })
  })
}

/** The most votes of consecutive items for one offset, with its neighbours, and the item at which the first one is. */
function peakOf(
  items: Uint32Array,
  { ref, votes }: { ref: AudioTimeline; votes: Float32Array },
): { score: number; refItem: number } {
  votes.fill(0)
  for (const [i, item] of items.entries()) {
    if (item === SILENT_ITEM) continue
    const { finds } = scanner.nearItems(item, MATCH_BITS)
    for (let at = 0; at < finds.length; at += 2) {
      const other = finds[at] as number
      const bin = other - i + PART_ITEMS
      const weight = (1 - (finds[at + 1] as number) / MATCH_BITS) * (ref.lively[other] as number)
      votes[bin] = (votes[bin] as number) + weight
    }
  }
  let best = { score: 0, refItem: 0 }
  for (let bin = 1; bin + 1 < votes.length; bin++) {
    const score = (votes[bin - 1] as number) + (votes[bin] as number) + (votes[bin + 1] as number)
    if (score > best.score) best = { score, refItem: bin - PART_ITEMS }
  }
  return best
}
