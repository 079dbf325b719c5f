import { type MediaInfo, SAMPLE_INTERVAL_MS } from '@kinoprint/media'

/** Under so many frames a second there is little to skip, and what is left may be seconds apart. */
const LEAST_FRAME_RATE = 12
/** Share of the samples that a video of even frames gives which must be there. */
const ENOUGH = 0.75
/** Seconds after which a verdict is final: an encoder keeps its habits. */
const JUDGED_AFTER_MS = 10_000

/** Too few frames are referred to: decode all of them. */
export class SparseReferences extends Error {
  override readonly name = 'SparseReferences'
}

/** Whether it pays to decode only frames that others refer to, as far as the header tells. */
export const worthSkipping = ({ frameRate }: Pick<MediaInfo, 'frameRate'>): boolean =>
  frameRate >= LEAST_FRAME_RATE

/**
 * Watches the times of the frames that others refer to. Usual encoders leave every second to fourth frame, some only
 * one in eight or sixteen: too few to sample four a second.
 */
export class SparsenessCheck {
  readonly #wantedEveryMs: number
  #frames = 0
  #firstMs = 0
  #lastMs = 0
  #judged = false

  constructor({ frameRate }: Pick<MediaInfo, 'frameRate'>) {
    this.#wantedEveryMs = Math.max(SAMPLE_INTERVAL_MS, 1000 / frameRate) / ENOUGH
  }

  /** Takes the time of a sampled frame. Throws SparseReferences. */
  see(timeMs: number): void {
    if (this.#frames === 0) this.#firstMs = timeMs
    this.#frames += 1
    this.#lastMs = timeMs
    if (!this.#judged && timeMs - this.#firstMs >= JUDGED_AFTER_MS) this.end()
  }

  /** Judges what has been seen. Throws SparseReferences. */
  end(): void {
    this.#judged = true
    const spanMs = this.#lastMs - this.#firstMs
    if (spanMs > (this.#frames - 1) * this.#wantedEveryMs) {
      throw new SparseReferences(`${this.#frames} frames in ${spanMs} ms`)
    }
  }
}
