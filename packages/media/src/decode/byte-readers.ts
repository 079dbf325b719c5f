/** Maximum number of free buffers kept for reuse; the garbage collector takes the rest. */
const MAX_FREE_BUFFERS = 8

/** Splits a byte stream into frames of one size. Released frames are reused. */
export class FrameReader {
  readonly #size: number
  readonly #onFrame: (frame: Uint8Array) => void
  readonly #free: Uint8Array[] = []
  #frame: Uint8Array
  #filled = 0

  /** @param size Bytes of one frame. */
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

  /** Releases a frame that is no longer used. */
  reuse(frame: Uint8Array): void {
    if (this.#free.length < MAX_FREE_BUFFERS) this.#free.push(frame)
  }
}

/** Converts little-endian 16-bit bytes to samples. A chunk may end in the middle of a sample. */
export class PcmReader {
  readonly #onSamples: (pcm: Int16Array) => void
  #rest: Buffer = Buffer.alloc(0)

  constructor(onSamples: (pcm: Int16Array) => void) {
    this.#onSamples = onSamples
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const count = bytes.length >> 1
    this.#rest = Buffer.from(bytes.subarray(2 * count))
    if (count === 0) return
    const pcm = new Int16Array(count)
    for (let i = 0; i < count; i++) pcm[i] = bytes.readInt16LE(2 * i)
    this.#onSamples(pcm)
  }
}
