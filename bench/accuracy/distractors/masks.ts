import type { Fingerprint } from '@kinoprint/dna'
import { pick, type Random } from '../random.ts'

export const HASH_WORDS = 8

/**
 * Frames of different films lie at least this far apart, in bits of 256 (see the decision on distances); a passage moved
 * by less would be a copy under a heavy attack, and finding it no mistake.
 */
const LEAST_FRAME_BITS = 96
/** The same for items of sound, in bits of 32: unrelated sound differs in .45 of them, copies in up to .35. */
const LEAST_ITEM_BITS = 13
const TRIES = 1000

/** The difference of two real frames: what a passage is moved by. */
export function frameMask(sources: readonly Fingerprint[], random: Random): Uint32Array {
  return maskOf(LEAST_FRAME_BITS, () => {
    const [a, b] = [pick(sources, random).video.hashes, pick(sources, random).video.hashes]
    const [i, j] = [frameIn(a, random), frameIn(b, random)]
    return Uint32Array.from(
      { length: HASH_WORDS },
      (_, word) => ((a[i + word] ?? 0) ^ (b[j + word] ?? 0)) >>> 0,
    )
  })
}

/** The difference of two real items of sound. */
export function itemMask(sources: readonly Fingerprint[], random: Random): number {
  const heard = sources.flatMap(({ audio }) => (audio && audio.items.length > 0 ? [audio.items] : []))
  if (heard.length === 0) return 0
  const item = () => pick([...pick(heard, random)], random)
  return maskOf(LEAST_ITEM_BITS, () => Uint32Array.of((item() ^ item()) >>> 0))[0] ?? 0
}

/** Draws until enough bits differ: two frames or items of the same film often have too few. */
function maskOf(leastBits: number, draw: () => Uint32Array): Uint32Array {
  for (let tries = 0; tries < TRIES; tries++) {
    const mask = draw()
    if (bitsIn(mask) >= leastBits) return mask
  }
  throw new Error('The library is too uniform to make distractors from: no two of its frames are unrelated.')
}

function frameIn(hashes: Uint32Array, random: Random): number {
  return Math.floor((random() * hashes.length) / HASH_WORDS) * HASH_WORDS
}

export function bitsIn(words: Uint32Array): number {
  let bits = 0
  for (let word of words) for (; word !== 0; word = (word & (word - 1)) >>> 0) bits++
  return bits
}
