import { AUDIO_ITEM_SECONDS, type Fingerprint, SILENT_ITEM } from '@kinoprint/dna'
import type { Random } from '../accuracy/random.ts'

const HASH_WORDS = 8
const ITEM_BITS = 32

/** Length of a query in seconds. */
export const QUERY_SECONDS = 60

/** Measured error rates of a frame's bits in a copy, in 256ths, and the share of bits with each rate. */
const FRAME_BITS = {
  bitErrorRates: [105, 72, 64, 49, 26, 13, 4],
  shares: [0.018, 0.014, 0.027, 0.062, 0.119, 0.194, 0.566],
}
/** Measured weight of each word of a frame's hash. High frequencies (word 0) differ most. */
const WORD_WEIGHTS = [1.3, 1.18, 1.12, 1.05, 0.96, 0.84, 0.77, 0.77]
/** The same for the less reliable of a classifier's two bits; the other has 7 of 256. */
const ITEM_BIT_ERROR_RATES = {
  bitErrorRates: [96, 70, 48, 25, 17, 12, 6],
  shares: [0.059, 0.066, 0.141, 0.266, 0.196, 0.111, 0.161],
}
const SURE_ITEM_BIT = 7

/**
 * Sixty seconds of a stored fingerprint from `fromMs`, changed as in a copy: `bits` of 256 differ in each frame's hash,
 * an eighth of that in each audio item. (Copies of the accuracy bench differ in 10 to 60 bits.) Bits are selected by
 * their error rates, which the query knows. In attacked copies a bit whose coefficient is near the median differs in
 * two of five cases, one far from it in one of seventy.
 */
export function noisyPassage(
  { video, audio }: Fingerprint,
  { fromMs, bits, random }: { fromMs: number; bits: number; random: Random },
): Fingerprint {
  const toMs = fromMs + QUERY_SECONDS * 1000
  const runs = [...video.startMs.keys()].filter(
    (run) => (video.lastMs[run] ?? 0) >= fromMs && (video.startMs[run] ?? 0) < toMs,
  )
  const time = (ms: number) => Math.min(Math.max(ms, fromMs), toMs - 1) - fromMs
  const bitErrorRates: Uint8Array[] = []
  const hashes = runs.flatMap((run) => {
    const hash = video.hashes.slice(run * HASH_WORDS, (run + 1) * HASH_WORDS)
    const of = Uint8Array.from({ length: 256 }, () => draw(FRAME_BITS, random))
    flip(
      hash,
      of.map((rate, bit) => rate * (WORD_WEIGHTS[bit >>> 5] ?? 1)),
      { bits, random },
    )
    bitErrorRates.push(of)
    return [...hash]
  })
  const itemMs = AUDIO_ITEM_SECONDS * 1000
  const first = Math.max(0, Math.round((fromMs - (audio?.startMs ?? 0)) / itemMs))
  const items = audio?.items.slice(first, first + Math.round((QUERY_SECONDS * 1000) / itemMs))
  const itemErrorRates = new Uint8Array((items?.length ?? 0) * ITEM_BITS)
  for (let n = 0; n < (items?.length ?? 0); n++) {
    const of = itemErrorRates.subarray(n * ITEM_BITS, (n + 1) * ITEM_BITS)
    for (let bit = 0; bit < ITEM_BITS; bit += 2) {
      const nearer = bit + (random() < 0.5 ? 1 : 0)
      of.fill(SURE_ITEM_BIT, bit, bit + 2)
      of[nearer] = draw(ITEM_BIT_ERROR_RATES, random)
    }
    // Silence is the same in every copy.
    if (items?.[n] !== SILENT_ITEM) flip(items?.subarray(n, n + 1), of, { bits: bits / 8, random })
  }
  return {
    durationSeconds: QUERY_SECONDS,
    video: {
      ...video,
      startMs: Uint32Array.from(runs, (run) => time(video.startMs[run] ?? 0)),
      lastMs: Uint32Array.from(runs, (run) => time(video.lastMs[run] ?? 0)),
      hashes: Uint32Array.from(hashes),
      quality: Uint8Array.from(runs, (run) => video.quality[run] ?? 0),
      bitErrorRates,
    },
    audio: items ? { startMs: 0, items, bitErrorRates: itemErrorRates } : null,
  }
}

function draw({ bitErrorRates, shares }: typeof FRAME_BITS, random: Random): number {
  let left = random()
  for (const [n, share] of shares.entries()) {
    left -= share
    if (left < 0) return bitErrorRates[n] ?? 0
  }
  return bitErrorRates.at(-1) ?? 0
}

/** Flips `bits` different bits, selected by their weights (Efraimidis and Spirakis, 2006). */
function flip(
  words: Uint32Array | undefined,
  weights: Uint8Array,
  { bits, random }: { bits: number; random: Random },
): void {
  if (!words) return
  const selected = [...weights]
    .map((weight, bit) => ({ bit, key: -Math.log(random()) / Math.max(weight, 1) }))
    .sort((a, b) => a.key - b.key)
    .slice(0, Math.round(bits))
  for (const { bit } of selected) {
    const word = bit >>> 5
    words[word] = ((words[word] ?? 0) ^ (1 << (31 - (bit & 31)))) >>> 0
  }
}
