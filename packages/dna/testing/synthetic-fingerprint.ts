import { ITEM_MS } from '../src/audio/chromaprint.ts'
import type { Fingerprint } from '../src/fingerprint/fingerprint.ts'
import { HASH_WORDS } from '../src/hash/hamming.ts'
import { randomOf } from './random.ts'

/** Made-up footage for tests. Its content is a function of its seed. */
export type Footage = { readonly hashes: Uint32Array[]; readonly quality: number[]; readonly items: number[] }

const STEP_MS = 250

/** Flips `count` random bits. */
export function withNoise(words: Uint32Array, count: number, random: () => number): Uint32Array {
  const copy = words.slice()
  for (let i = 0; i < count; i++) {
    const bit = Math.floor(random() * copy.length * 32)
    copy[bit >> 5] = ((copy[bit >> 5] ?? 0) ^ (1 << (bit & 31))) >>> 0
  }
  return copy
}

function noise(random: () => number): Uint32Array {
  return Uint32Array.from({ length: HASH_WORDS }, () => Math.floor(random() * 4_294_967_296))
}

/** Moving footage with a shot change about every four seconds, and audio. */
export function footage(seed: number, seconds: number): Footage {
  const random = randomOf(seed)
  const hashes: Uint32Array[] = []
  let picture: Uint32Array = noise(random)
  for (let i = 0; i < (seconds * 1000) / STEP_MS; i++) {
    picture = random() < 0.06 ? noise(random) : withNoise(picture, 12, random)
    hashes.push(picture)
  }
  const items: number[] = []
  let sound: Uint32Array = noise(random).slice(0, 1)
  for (let i = 0; i < (seconds * 1000) / ITEM_MS - 20; i++) {
    sound = withNoise(sound, 4, random)
    items.push(sound[0] ?? 0)
  }
  return { hashes, quality: hashes.map(() => 90), items }
}

/** Black and silent. */
export function blankFootage(seconds: number): Footage {
  const hashes = Array.from({ length: seconds * 4 }, () => new Uint32Array(HASH_WORDS))
  return {
    hashes,
    quality: hashes.map(() => 0),
    items: new Array(Math.round((seconds * 1000) / ITEM_MS)).fill(0),
  }
}

/** The part from `from` to `to` seconds. */
export function cut({ hashes, quality, items }: Footage, from: number, to: number): Footage {
  const item = (second: number) => Math.round((second * 1000) / ITEM_MS)
  return {
    hashes: hashes.slice(from * 4, to * 4),
    quality: quality.slice(from * 4, to * 4),
    items: items.slice(item(from), item(to)),
  }
}

/** The parts, one after another. */
export function splice(...parts: readonly Footage[]): Footage {
  return {
    hashes: parts.flatMap(({ hashes }) => hashes),
    quality: parts.flatMap(({ quality }) => quality),
    items: parts.flatMap(({ items }) => items),
  }
}

/** The footage played `speed` times as fast. */
export function played({ hashes, quality, items }: Footage, speed: number): Footage {
  const every = <T>(list: readonly T[]) =>
    Array.from(
      { length: Math.floor(list.length / speed) },
      (_, i) => list[Math.round(i * speed)] ?? list[0],
    ) as T[]
  return { hashes: every(hashes), quality: every(quality), items: every(items) }
}

/** The fingerprint of the footage, with `bits` flipped bits per hash and an eighth of that per item. */
export function fingerprintOf(
  { hashes, quality, items }: Footage,
  { bits = 0, seed = 1, silent = false }: { bits?: number; seed?: number; silent?: boolean } = {},
): Fingerprint {
  const random = randomOf(seed)
  const flat = new Uint32Array(hashes.length * HASH_WORDS)
  hashes.forEach((hash, i) => {
    flat.set(bits > 0 ? withNoise(hash, bits, random) : hash, i * HASH_WORDS)
  })
  const startMs = Uint32Array.from(hashes, (_, i) => i * STEP_MS)
  const noisy = items.map((item) => withNoise(Uint32Array.of(item), bits / 8, random)[0] ?? 0)
  return {
    durationSeconds: (hashes.length * STEP_MS) / 1000,
    video: {
      intervalMs: STEP_MS,
      startMs,
      lastMs: startMs.slice(),
      hashes: flat,
      quality: Uint8Array.from(quality),
      picture: [0, 0, 1, 1],
    },
    audio: silent ? null : { startMs: 0, items: Uint32Array.from(noisy) },
  }
}
