import { HASH_WORDS } from './hamming.ts'
import { instantiate, PAGE_BYTES } from './instantiate.ts'
import { SCAN_MODULE } from './scan-module.ts'

/** What wasm/scan.ts exports; its comments describe each function. */
type Exports = {
  nearest(hash: number, hashes: number, count: number): number
  near(hash: number, hashes: number, count: number, limit: number, out: number): number
  nearItems(item: number, items: number, count: number, limit: number, out: number, histogram: number): number
}

/** Offsets in the module's memory of the query hash, the histogram and the scanned hashes or items. */
const QUERY = 0
const HISTOGRAM = 64
const SCANNED = 256
/** An item takes 4 bytes, and up to three items beyond the last are read; a find takes 8 bytes. */
const SLACK_BYTES = 16
const FIND_BYTES = 8

/** Possible distances of two 32-bit items: 0 to 32. */
const DISTANCES = 33

/** Results of a scan: index and distance of each find, alternating. Valid until the next scan. */
type Finds = Uint32Array

/**
 * Scans many hashes, or many audio sub-fingerprints, for those near a given one, in WebAssembly: four to eight times as
 * fast as plain JavaScript. A single shared instance without locking: load, then scan.
 */
class Scanner {
  readonly #module = instantiate<Exports>(SCAN_MODULE, 4)
  readonly #memory = this.#module.memory
  readonly #wasm = this.#module.exports
  #words = new Uint32Array(this.#memory.buffer)
  #count = 0
  #finds = 0

  /** Loads hashes of eight words each. */
  loadHashes(words: Uint32Array): void {
    this.#load(words, Math.floor(words.length / HASH_WORDS))
  }

  /** Loads sub-fingerprints of one word each. */
  loadItems(items: Uint32Array): void {
    this.#load(items, items.length)
  }

  /** The smallest distance between a hash and the loaded ones; 256 if all differ too much in their low frequencies. */
  nearest(hash: Uint32Array): number {
    this.#words.set(hash, QUERY / 4)
    return this.#wasm.nearest(QUERY, SCANNED, this.#count)
  }

  /** Finds the loaded hashes at a distance below `limit`. */
  near(hash: Uint32Array, limit: number): Finds {
    this.#words.set(hash, QUERY / 4)
    return this.#found(this.#wasm.near(QUERY, SCANNED, this.#count, limit, this.#finds))
  }

  /**
   * Finds the loaded sub-fingerprints at a distance below `limit`, and counts how many there are at each distance, 0 to
   * 32.
   */
  nearItems(item: number, limit: number): { finds: Finds; histogram: Uint32Array } {
    const histogram = this.#words.subarray(HISTOGRAM / 4, HISTOGRAM / 4 + DISTANCES)
    histogram.fill(0)
    const count = this.#wasm.nearItems(item, SCANNED, this.#count, limit, this.#finds, HISTOGRAM)
    return { finds: this.#found(count), histogram }
  }

  #load(words: Uint32Array, count: number): void {
    this.#count = count
    this.#finds = SCANNED + Math.ceil((4 * words.length + SLACK_BYTES) / SLACK_BYTES) * SLACK_BYTES
    const missing = this.#finds + count * FIND_BYTES - this.#memory.buffer.byteLength
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / PAGE_BYTES))
      this.#words = new Uint32Array(this.#memory.buffer)
    }
    this.#words.set(words, SCANNED / 4)
  }

  #found(count: number): Finds {
    return this.#words.subarray(this.#finds / 4, this.#finds / 4 + 2 * count)
  }
}

export const scanner = new Scanner()
