import { HASH_WORDS, hashDistance } from '../hash/hamming.ts'
import type { HashedFrame } from './frame-hasher.ts'

/**
 * Frame hashes, with near-identical neighbours merged into runs, as parallel arrays. Run i represents all sampled
 * frames from startMs[i] to lastMs[i], both inclusive; the next run starts at the next sampled frame.
 */
export type FrameRuns = {
  readonly startMs: Uint32Array
  readonly lastMs: Uint32Array
  /**
   * 256-bit PDQ hashes, eight 32-bit words per run. Word 0 contains the most significant bits, as printed by the
   * reference.
   */
  readonly hashes: Uint32Array
  /** PDQ quality of each run, 0 (blank) to 100. */
  readonly quality: Uint8Array
  /**
   * Error rate of each bit of each run's hash in copies, in 256ths. Present only in the fingerprint of a newly created
   * query, because it is not encoded.
   */
  readonly bitErrorRates?: readonly Uint8Array[]
}

/**
 * A frame joins a run while at most this many of 256 bits differ from the run's first frame. Coding alone changes more
 * (independent copies of one clip differ in a median of 16 bits), and it still merges a fifth of ordinary footage.
 */
const RUN_DISTANCE = 6
/** ... and while its quality, 0 to 100, is this close to that of the first frame. */
const RUN_QUALITY = 10
/** Below this quality a hash is mostly coding noise, so neighbours are merged regardless of their hashes. */
const EMPTY_QUALITY = 1
/** Maximum length of a run: alignment needs a hash from time to time even if the picture does not change. */
const RUN_MAX_MS = 8000

/** Initial capacity in runs. */
const INITIAL_CAPACITY = 512

function doubled<T extends Uint8Array | Uint32Array>(array: T, make: (length: number) => T): T {
  const larger = make(2 * array.length)
  larger.set(array)
  return larger
}

/** Merges hashed frames into runs of near-identical neighbours. Each run keeps the hash of its first frame. */
export class RunMerger {
  #count = 0
  #startMs = new Uint32Array(INITIAL_CAPACITY)
  #lastMs = new Uint32Array(INITIAL_CAPACITY)
  #hashes = new Uint32Array(INITIAL_CAPACITY * HASH_WORDS)
  #quality = new Uint8Array(INITIAL_CAPACITY)
  readonly #bitErrorRates: Uint8Array[] = []
  readonly #maxMs: number

  /** @param options.maxMs maximum length of a run in milliseconds; 0 gives each frame a run of its own */
  constructor({ maxMs = RUN_MAX_MS }: { readonly maxMs?: number } = {}) {
    this.#maxMs = maxMs
  }

  /** Adds the next frame. Times must increase. */
  push(frame: HashedFrame): void {
    if (this.#count > 0 && this.#joins(frame)) {
      this.#lastMs[this.#count - 1] = frame.timeMs
      return
    }
    if (this.#count === this.#quality.length) this.#grow()
    const run = this.#count++
    this.#startMs[run] = frame.timeMs
    this.#lastMs[run] = frame.timeMs
    this.#hashes.set(frame.hash, run * HASH_WORDS)
    this.#quality[run] = frame.quality
    if (frame.bitErrorRates) this.#bitErrorRates.push(frame.bitErrorRates)
  }

  /** The runs so far. */
  runs(): FrameRuns {
    return {
      startMs: this.#startMs.slice(0, this.#count),
      lastMs: this.#lastMs.slice(0, this.#count),
      hashes: this.#hashes.slice(0, this.#count * HASH_WORDS),
      quality: this.#quality.slice(0, this.#count),
      ...(this.#bitErrorRates.length > 0 && { bitErrorRates: this.#bitErrorRates }),
    }
  }

  #joins({ timeMs, hash, quality }: HashedFrame): boolean {
    const run = this.#count - 1
    if (timeMs - (this.#startMs[run] as number) > this.#maxMs) return false
    const first = this.#quality[run] as number
    if (quality < EMPTY_QUALITY && first < EMPTY_QUALITY) return true
    if (Math.abs(quality - first) > RUN_QUALITY) return false
    return hashDistance(this.#hashes, run, { b: hash, j: 0 }) <= RUN_DISTANCE
  }

  #grow(): void {
    this.#startMs = doubled(this.#startMs, (length) => new Uint32Array(length))
    this.#lastMs = doubled(this.#lastMs, (length) => new Uint32Array(length))
    this.#hashes = doubled(this.#hashes, (length) => new Uint32Array(length))
    this.#quality = doubled(this.#quality, (length) => new Uint8Array(length))
  }
}
