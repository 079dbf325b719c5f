import type { Fingerprint } from '@kinoprint/dna'
import { bitsIn } from '../bits.ts'
import { pick, type Random } from '../random.ts'

export const HASH_WORDS = 8

/**
 * Minimum number of bits, of 256, that a mask changes. One frame in 40,000 of another film is closer (measured on 400,000
 * pairs of real frames). A segment with a weaker mask would be a copy under a heavy attack, and finding it would not be a mistake.
 */
const LEAST_FRAME_BITS = 96
/** Minimum distance of a checked frame from every real frame, in bits of 256. Fewer than one pair in 100,000 is closer. */
const LEAST_DISTANCE = 92
/**
 * What mirroring left to right, top to bottom and both do to each word of a hash. A mask near one of them would make a
 * mirrored copy, which finding would not be a mistake either.
 */
const MIRROR_MASKS = [0x55555555, 0x0000ffff, 0x5555aaaa]
/** The same for audio items, in bits of 32. Unrelated audio differs in 45 % of its bits, copies in up to 35 %. */
const LEAST_ITEM_BITS = 13
const TRIES = 1000

type Drawing = {
  /** Films from which masks are made, without the segment's own, in which a still picture would cancel out. */
  readonly others: readonly Fingerprint[]
  readonly random: Random
}

/** The difference of two real frames that moves `frames` (indices of 32-bit words) away from every real frame. */
export function frameMask(
  { others, random }: Drawing,
  { from, frames, real }: { from: Uint32Array; frames: readonly number[]; real: readonly Fingerprint[] },
): Uint32Array {
  return drawUntil(
    () => {
      const [a, b] = [pick(others, random).video.hashes, pick(others, random).video.hashes]
      const [i, j] = [frameIn(a, random), frameIn(b, random)]
      return Uint32Array.from({ length: HASH_WORDS }, (_, n) => ((a[i + n] ?? 0) ^ (b[j + n] ?? 0)) >>> 0)
    },
    (mask) =>
      [0, ...MIRROR_MASKS].every((mirror) => bitsApart(mask, mirror) >= LEAST_FRAME_BITS) &&
      frames.every((at) =>
        isFar(
          mask.map((word, n) => word ^ (from[at + n] ?? 0)),
          real,
        ),
      ),
  )
}

function bitsApart(mask: Uint32Array, word: number): number {
  return mask.reduce((sum, own) => sum + bitsIn(own ^ word), 0)
}

/** Whether a hash is unrelated to every frame of the films. */
export function isFar(hash: Uint32Array, films: readonly Fingerprint[]): boolean {
  return films.every(({ video: { hashes } }) => {
    for (let at = 0; at < hashes.length; at += HASH_WORDS) {
      let distance = 0
      for (let n = 0; n < HASH_WORDS; n++) distance += bitsIn((hash[n] ?? 0) ^ (hashes[at + n] ?? 0))
      if (distance < LEAST_DISTANCE) return false
    }
    return true
  })
}

/** The difference of two real audio items; 0 if all films are silent. */
export function itemMask({ others, random }: Drawing): number {
  const audible = others.flatMap(({ audio }) => (audio && audio.items.length > 0 ? [audio.items] : []))
  if (audible.length === 0) return 0
  const item = () => {
    const items = pick(audible, random)
    return items[Math.floor(random() * items.length)] ?? 0
  }
  return drawUntil(
    () => item() ^ item(),
    (mask) => bitsIn(mask) >= LEAST_ITEM_BITS,
  )
}

function drawUntil<T>(draw: () => T, fits: (drawn: T) => boolean): T {
  for (let tries = 0; tries < TRIES; tries++) {
    const drawn = draw()
    if (fits(drawn)) return drawn
  }
  throw new Error(
    'The library is too uniform for distractors, because no two of its frames are unrelated. Add more videos.',
  )
}

function frameIn(hashes: Uint32Array, random: Random): number {
  return Math.floor((random() * hashes.length) / HASH_WORDS) * HASH_WORDS
}
