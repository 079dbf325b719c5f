/** Turns little-endian 16-bit bytes into samples; a chunk may end in the middle of one. */
export class PcmReader {
  readonly #onSamples: (pcm: Int16Array) => void
  #odd: Buffer = Buffer.alloc(0)

  constructor(onSamples: (pcm: Int16Array) => void) {
    this.#onSamples = onSamples
  }

  push(chunk: Buffer): void {
    const bytes = this.#odd.length === 0 ? chunk : Buffer.concat([this.#odd, chunk])
    const count = bytes.length >> 1
    this.#odd = Buffer.from(bytes.subarray(2 * count))
    if (count === 0) return
    const pcm = new Int16Array(count)
    for (let i = 0; i < count; i++) pcm[i] = bytes.readInt16LE(2 * i)
    this.#onSamples(pcm)
  }
}
