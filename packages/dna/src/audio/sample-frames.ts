type SampleFramesOptions = {
  /** Samples in a frame. */
  readonly size: number
  /** Samples from the start of one frame to the start of the next; at most `size`. */
  readonly step: number
  /** Called with each frame in order. Its array is valid until the call returns. */
  readonly onFrame: (frame: Int16Array) => void
}

/** Cuts a stream of samples, pushed in chunks of any size, into overlapping frames. */
export class SampleFrames {
  readonly #frame: Int16Array
  readonly #step: number
  readonly #onFrame: (frame: Int16Array) => void
  #filled = 0

  constructor({ size, step, onFrame }: SampleFramesOptions) {
    this.#frame = new Int16Array(size)
    this.#step = step
    this.#onFrame = onFrame
  }

  /** Adds samples. They are copied. */
  push(pcm: Int16Array): void {
    const size = this.#frame.length
    let taken = 0
    while (taken < pcm.length) {
      const piece = pcm.subarray(taken, taken + size - this.#filled)
      this.#frame.set(piece, this.#filled)
      this.#filled += piece.length
      taken += piece.length
      if (this.#filled < size) return
      this.#onFrame(this.#frame)
      this.#frame.copyWithin(0, this.#step)
      this.#filled = size - this.#step
    }
  }
}
