type SampleFramesOptions = {
  /** Samples in a frame. */
  readonly size: number
  /** Samples from the start of one frame to the start of the next; at most `size`. */
  readonly step: number
}

/**
 * Cuts a stream of samples, in chunks of any size, into overlapping frames. It takes no callback: V8 would optimise its
 * loop for the callback of one object, and discard that code at the next.
 */
export class SampleFrames {
  readonly #frame: Int16Array
  readonly #step: number
  #filled = 0

  constructor({ size, step }: SampleFramesOptions) {
    this.#frame = new Int16Array(size)
    this.#step = step
  }

  /** The samples of the next frame. It is complete when `isFull`. */
  get frame(): Int16Array {
    return this.#frame
  }

  get isFull(): boolean {
    return this.#filled === this.#frame.length
  }

  /** Copies samples from the index `from` on until the frame is full. Returns the index of the first that is left. */
  fill(pcm: Int16Array, from: number): number {
    const piece = pcm.subarray(from, from + this.#frame.length - this.#filled)
    this.#frame.set(piece, this.#filled)
    this.#filled += piece.length
    return from + piece.length
  }

  /** Begins the next frame with the samples that it shares with this one. */
  advance(): void {
    this.#frame.copyWithin(0, this.#step)
    this.#filled = this.#frame.length - this.#step
  }
}
