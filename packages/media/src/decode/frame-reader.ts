/** Buffers that wait to be filled again. More than these are left to be collected. */
const MOST_FREE = 8

/** Cuts a byte stream into frames of one size. A frame that is given back is filled again. */
export class FrameReader {
  readonly #size: number
  readonly #onFrame: (frame: Uint8Array) => void
  readonly #free: Uint8Array[] = []
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
      this.#frame = this.#free.pop() ?? new Uint8Array(this.#size)
      this.#filled = 0
      this.#onFrame(frame)
    }
  }

  /** Takes a frame back that nobody needs any more. */
  reuse(frame: Uint8Array): void {
    if (this.#free.length < MOST_FREE) this.#free.push(frame)
  }
}
