import { FingerprintFormatError } from './format.ts'

/** Reads bytes in order, never past the end. Numbers are big-endian. Throws FingerprintFormatError. */
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

  /** See ByteWriter.varint. Only the shortest form is accepted, so that each value has one encoding. */
  varint(): number {
    let value = 0
    for (let index = 0; index < 5; index++) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** (7 * index)
      if (byte > 0x7f) continue
      if (byte === 0 && index > 0) throw new FingerprintFormatError('A number is not in its shortest form.')
      if (value > 0xffffffff) throw new FingerprintFormatError('A number is too large.')
      return value
    }
    throw new FingerprintFormatError('A number has no last byte.')
  }

  /**
   * Reads the number of entries that follow, each at least `minBytes` bytes long. Rejects a number larger than the
   * remaining bytes can hold.
   */
  count(minBytes: number): number {
    const count = this.varint()
    if (count * minBytes > this.remaining) {
      throw new FingerprintFormatError(`${count} entries do not fit in ${this.remaining} bytes.`)
    }
    return count
  }

  #take(count: number): number {
    if (count > this.remaining) throw new FingerprintFormatError('The fingerprint is truncated.')
    const start = this.#at
    this.#at += count
    return start
  }
}
