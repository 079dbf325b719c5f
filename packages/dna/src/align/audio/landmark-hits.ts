import { KEY_STEPS, KEYS, type Landmarks } from '../../audio/landmarks.ts'
import { remembered } from '../lines/remembered.ts'

/**
 * Keys that match a key: the same sound at another phase of the spectra, or slightly higher or lower, moves each of its
 * parts by one.
 */
const NEIGHBOURS: readonly number[] = [-1, 0, 1].flatMap((bin) =>
  [-1, 0, 1].flatMap((binsApart) =>
    [-1, 0, 1].map(
      (spectraApart) =>
        bin * KEY_STEPS.bin + binsApart * KEY_STEPS.binsApart + spectraApart * KEY_STEPS.spectraApart,
    ),
  ),
)

/** Limits on memory and work, for audio that repeats itself without end: per query landmark, and in total. */
const MAX_HITS_EACH = 64
const MAX_HITS = 400_000

/** Pairs of matching landmarks, as parallel arrays of `size` elements. */
export type LandmarkHits = {
  readonly size: number
  /** Indexes of the landmarks. */
  readonly query: Uint32Array
  readonly ref: Uint32Array
  /** Number of hits of each landmark of the query, and of the reference. */
  readonly queryCounts: Uint32Array
  readonly refCounts: Uint32Array
}

/** Returns the landmarks that both sides share. */
export function landmarkHits(query: Landmarks, ref: Landmarks): LandmarkHits {
  const { heads, next, near } = rememberedTableOf(query)
  const queryCounts = new Uint32Array(query.size)
  const refCounts = new Uint32Array(ref.size)
  const found = new HitPairs()
  for (let other = 0; other < ref.size; other++) {
    const key = ref.keys[other] as number
    if (((near[key >>> 5] as number) & (1 << (key & 31))) === 0) continue
    for (const step of NEIGHBOURS) {
      const wanted = key + step
      for (let own = heads[slotOf(wanted)] as number; own >= 0; own = next[own] as number) {
        if (query.keys[own] !== wanted) continue
        const count = (queryCounts[own] as number) + 1
        queryCounts[own] = count
        refCounts[other] = (refCounts[other] as number) + 1
        if (count > MAX_HITS_EACH || found.size === MAX_HITS) continue
        found.push(own, other)
      }
    }
  }
  return { ...found.trimmed(), queryCounts, refCounts }
}

const FIRST_CAPACITY = 4096

/** A growing list of pairs. Arrays of numbers would be copied, and keep the garbage collector busy. */
class HitPairs {
  size = 0
  #query: Uint32Array = new Uint32Array(FIRST_CAPACITY)
  #ref: Uint32Array = new Uint32Array(FIRST_CAPACITY)

  push(query: number, ref: number): void {
    if (this.size === this.#query.length) {
      this.#query = doubled(this.#query)
      this.#ref = doubled(this.#ref)
    }
    this.#query[this.size] = query
    this.#ref[this.size] = ref
    this.size++
  }

  trimmed(): Pick<LandmarkHits, 'size' | 'query' | 'ref'> {
    const { size } = this
    return { size, query: this.#query.subarray(0, size), ref: this.#ref.subarray(0, size) }
  }
}

function doubled(items: Uint32Array): Uint32Array {
  const more = new Uint32Array(2 * items.length)
  more.set(items)
  return more
}

const SLOT_BITS = 15

function slotOf(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> (32 - SLOT_BITS)
}

type Table = {
  /** First landmark of each slot of a hash table, and the next one of the same slot; -1 at the end. */
  readonly heads: Int32Array
  readonly next: Int32Array
  /** One bit for each key, set for keys near one of the query's. Most of the reference's keys are not. */
  readonly near: Uint32Array
}

const rememberedTableOf = remembered(tableOf)

function tableOf(landmarks: Landmarks): Table {
  const { size, keys } = landmarks
  const heads = new Int32Array(1 << SLOT_BITS).fill(-1)
  const next = new Int32Array(size)
  const near = new Uint32Array(KEYS / 32)
  for (let own = 0; own < size; own++) {
    const key = keys[own] as number
    const slot = slotOf(key)
    next[own] = heads[slot] as number
    heads[slot] = own
    for (const step of NEIGHBOURS) {
      const word = (key + step) >>> 5
      near[word] = (near[word] as number) | (1 << ((key + step) & 31))
    }
  }
  return { heads, next, near }
}
