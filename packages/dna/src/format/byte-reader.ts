import { FingerprintFormatError } from './fingerprint-format-error.ts'

/** Reads bytes one after the other and never past their end. Numbers are big-endian. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1))
  }

  bytes(count: number): Uint8Array {
    const start = this.#take(count)
    return this.#bytes.slice(start, start + count)
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8))
  }

  words(count: number): Uint32Array {
    const start = this.#take(4 * count)
    const words = new Uint32Array(count)
    for (let index = 0; index < count; index++) words[index] = this.#view.getUint32(start + 4 * index)
    return words
  }

  /** See ByteWriter.varint. Only the shortest form is taken, so that a value has one spelling. */
  varint(): number {
    let value = 0
    for (let place = 0; place < 5; place++) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** (7 * place)
      if (byte > 0x7f) continue
      if (byte === 0 && place > 0) throw new FingerprintFormatError('a number is not in its shortest form')
      if (value > 0xffffffff) throw new FingerprintFormatError('a number is too large')
      return value
    }
    throw new FingerprintFormatError('a number has no end')
  }

  /** How many things follow, each of at least `leastBytes` bytes: more than the rest can hold is refused at once. */
  count(leastBytes: number): number {
    const count = this.varint()
    if (count * leastBytes > this.remaining) {
      throw new FingerprintFormatError(`${count} entries cannot be in ${this.remaining} bytes`)
    }
    return count
  }

  #take(count: number): number {
    if (count > this.remaining) throw new FingerprintFormatError('the fingerprint ends too early')
    const start = this.#at
    this.#at += count
    return start
  }
}
