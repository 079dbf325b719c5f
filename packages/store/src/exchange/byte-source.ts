/** Reads exact numbers of bytes from a stream of chunks. Holds one chunk and the bytes of one call. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Buffer = Buffer.alloc(0)
  #read = 0

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** The number of bytes taken so far. */
  get position(): number {
    return this.#read
  }

  /** The next bytes, or null if the stream ends before it has them all. */
  async take(count: number): Promise<Buffer | null> {
    const parts: Buffer[] = []
    let missing = count
    while (missing > 0) {
      if (this.#rest.length === 0 && !(await this.#fill())) return null
      const part = this.#rest.subarray(0, missing)
      this.#rest = this.#rest.subarray(part.length)
      missing -= part.length
      parts.push(part)
    }
    this.#read += count
    return parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts)
  }

  /** Whether the stream has ended. */
  async isAtEnd(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#fill())
  }

  async #fill(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.#chunks.next()
      if (done === true) return false
      if (value.length === 0) continue
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      return true
    }
  }
}
