import { SAMPLING } from '@kinoprint/dna'
import type { MediaInfo } from '@kinoprint/media'

/** At lower frame rates there is little to skip, and the remaining frames may be seconds apart. */
const MIN_FRAME_RATE = 12
/** Share of the samples of an evenly spaced video that must be present. */
const MIN_SHARE = 0.75
/** Time after which the verdict is final, because an encoder keeps its structure. */
const VERDICT_MS = 10_000

/** Too few frames are reference frames. Decode all frames. */
export class SparseReferences extends Error {
  override readonly name = 'SparseReferences'
}

/** Whether the header suggests that decoding only reference frames saves time. */
export function worthSkipping({ frameRate }: Pick<MediaInfo, 'frameRate'>): boolean {
  return frameRate >= MIN_FRAME_RATE
}

/**
 * Watches the times of decoded reference frames. With common encoders every second to fourth frame is one; with some,
 * only every eighth or sixteenth, which is too few for four samples per second.
 */
export class SparsenessCheck {
  readonly #maxIntervalMs: number
  #frames = 0
  #firstMs = 0
  #lastMs = 0
  #judged = false

  constructor({ frameRate }: Pick<MediaInfo, 'frameRate'>) {
    this.#maxIntervalMs = Math.max(SAMPLING.intervalMs, 1000 / frameRate) / MIN_SHARE
  }

  /** Records the time of a sampled frame. Throws SparseReferences. */
  see(timeMs: number): void {
    if (this.#frames === 0) this.#firstMs = timeMs
    this.#frames += 1
    this.#lastMs = timeMs
    if (!this.#judged && timeMs - this.#firstMs >= VERDICT_MS) this.end()
  }

  /** Judges the frames seen so far. Throws SparseReferences. */
  end(): void {
    this.#judged = true
    const spanMs = this.#lastMs - this.#firstMs
    if (spanMs > (this.#frames - 1) * this.#maxIntervalMs) {
      throw new SparseReferences(`${this.#frames} frames in ${spanMs} ms`)
    }
  }
}
