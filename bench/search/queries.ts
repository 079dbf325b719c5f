import { AUDIO_ITEM_SECONDS, type Fingerprint, SILENT_ITEM } from '@kinoprint/dna'
import type { Random } from '../accuracy/random.ts'

const HASH_WORDS = 8
const ITEM_BITS = 32

/** Seconds of a query. */
export const QUERY_SECONDS = 60

/**
 * Sixty seconds of a stored fingerprint from `fromMs`, as a copy would show them: in each frame's hash `bits` of 256
 * are flipped at random, in each item of sound an eighth of that. (Copies under the attacks of the accuracy bench
 * differ from their originals in 10 to 60 bits.)
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
  const hashes = runs.flatMap((run) => {
    const hash = video.hashes.slice(run * HASH_WORDS, (run + 1) * HASH_WORDS)
    flip(hash, bits, random)
    return [...hash]
  })
  const itemMs = AUDIO_ITEM_SECONDS * 1000
  const first = Math.max(0, Math.round((fromMs - (audio?.startMs ?? 0)) / itemMs))
  const items = audio?.items.slice(first, first + Math.round((QUERY_SECONDS * 1000) / itemMs))
  // Silence is the same in every copy.
  for (let n = 0; n < (items?.length ?? 0); n++)
    if (items?.[n] !== SILENT_ITEM) flip(items?.subarray(n, n + 1), bits / 8, random)
  return {
    durationSeconds: QUERY_SECONDS,
    video: {
      ...video,
      startMs: Uint32Array.from(runs, (run) => time(video.startMs[run] ?? 0)),
      lastMs: Uint32Array.from(runs, (run) => time(video.lastMs[run] ?? 0)),
      hashes: Uint32Array.from(hashes),
      quality: Uint8Array.from(runs, (run) => video.quality[run] ?? 0),
    },
    audio: items ? { startMs: 0, items } : null,
  }
}

/** Flips so many different bits of the words. */
function flip(words: Uint32Array | undefined, bits: number, random: Random): void {
  if (!words) return
  const places = new Set<number>()
  while (places.size < Math.round(bits)) places.add(Math.floor(random() * words.length * ITEM_BITS))
  for (const place of places) {
    const word = Math.floor(place / ITEM_BITS)
    words[word] = ((words[word] ?? 0) ^ (1 << (place % ITEM_BITS))) >>> 0
  }
}
