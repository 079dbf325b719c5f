/** Cuts a byte stream into frames of one size, each in a buffer of its own. */
export class FrameReader {
  readonly #size: number
  readonly #onFrame: (frame: Uint8Array) => void
  #frame: Uint8Array
  #filled = 0

  constructor(size: number, onFrame: (frame: Uint8Array) => void) {
    this.#size = size
    this.#onFrame = onFrame
    this.#frame = new Uint8Array(size)
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + this.#size - this.#filled)
      this.#frame.set(part, this.#filled)
      this.#filled += part.length
      at += part.length
      if (this.#filled < this.#size) return
      const frame = this.#frame
      this.#frame = new Uint8Array(this.#size)
      this.#filled = 0
      this.#onFrame(frame)
    }
  }
}
