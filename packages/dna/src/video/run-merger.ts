import type { VideoTrack } from '../fingerprint.ts'
import { HASH_WORDS, hashDistance } from '../match/hamming.ts'
import type { HashedFrame } from './frame-hasher.ts'

/**
 * Frames join a run while they differ in at most so many bits of 256 from its first one. That is less than coding
 * alone does to a picture (copies of one clip by other people lie at a median of 16), and it merges a fifth of the
 * frames of ordinary footage.
 */
const RUN_DISTANCE = 6
/** And while their quality, 0 to 100, is so near to the first one's. */
const RUN_QUALITY = 10
/** Below this quality a picture is so empty that its hash is mostly coding noise: such neighbours join whatever it is. */
const BLANK_QUALITY = 1
/** No run is longer: alignment wants a hash now and then even where nothing happens. */
const RUN_MAX_MS = 8000

/** Runs that a new store has room for. */
const FIRST_ROOM = 512

function grown<T extends Uint8Array | Uint32Array>(array: T, make: (length: number) => T): T {
  const larger = make(2 * array.length)
  larger.set(array)
  return larger
}

/** Collects hashed frames into runs of near-identical neighbours. Each run keeps the hash of its first frame. */
export class RunMerger {
  #count = 0
  #startMs = new Uint32Array(FIRST_ROOM)
  #lastMs = new Uint32Array(FIRST_ROOM)
  #hashes = new Uint32Array(FIRST_ROOM * HASH_WORDS)
  #quality = new Uint8Array(FIRST_ROOM)
  readonly #doubts: Uint8Array[] = []

  /** Takes the next frame; times rise. */
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
    if (frame.doubts) this.#doubts.push(frame.doubts)
  }

  /** The runs so far. */
  runs(): Pick<VideoTrack, 'startMs' | 'lastMs' | 'hashes' | 'quality' | 'doubts'> {
    return {
      startMs: this.#startMs.slice(0, this.#count),
      lastMs: this.#lastMs.slice(0, this.#count),
      hashes: this.#hashes.slice(0, this.#count * HASH_WORDS),
      quality: this.#quality.slice(0, this.#count),
      ...(this.#doubts.length > 0 && { doubts: this.#doubts }),
    }
  }

  #joins({ timeMs, hash, quality }: HashedFrame): boolean {
    const run = this.#count - 1
    if (timeMs - (this.#startMs[run] as number) > RUN_MAX_MS) return false
    const first = this.#quality[run] as number
    if (quality < BLANK_QUALITY && first < BLANK_QUALITY) return true
    if (Math.abs(quality - first) > RUN_QUALITY) return false
    return hashDistance(this.#hashes, run, { b: hash, j: 0 }) <= RUN_DISTANCE
  }

  #grow(): void {
    this.#startMs = grown(this.#startMs, (length) => new Uint32Array(length))
    this.#lastMs = grown(this.#lastMs, (length) => new Uint32Array(length))
    this.#hashes = grown(this.#hashes, (length) => new Uint32Array(length))
    this.#quality = grown(this.#quality, (length) => new Uint8Array(length))
  }
}
