/** CRC-64/ECMA-182 in the reflected form of xz and COS: its polynomial in two halves of 32 bits. */
const POLYNOMIAL = { high: 0xc96c5795, low: 0xd7870f42 }

/** The checksum of each byte, in two halves. */
const HIGH = new Uint32Array(256)
const LOW = new Uint32Array(256)
for (let byte = 0; byte < 256; byte++) {
  let high = 0
  let low = byte
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = (low & 1) === 1
    low = ((low >>> 1) | (high << 31)) >>> 0
    high >>>= 1
    if (!isOdd) continue
    low = (low ^ POLYNOMIAL.low) >>> 0
    high = (high ^ POLYNOMIAL.high) >>> 0
  }
  HIGH[byte] = high
  LOW[byte] = low
}

/** The checksum of bytes that arrive in chunks. The Go SDK compares it after each upload. */
export type Crc64 = {
  readonly update: (chunk: Uint8Array) => void
  /** The checksum so far, as a decimal number of 64 bits. */
  readonly digest: () => string
}

/**
 * Computes the checksum of header x-cos-hash-crc64ecma. JavaScript has no fast integers of 64 bits, so both halves are
 * computed apart.
 *
 * @example createCrc64().digest() // '0'
 */
export function createCrc64(): Crc64 {
  let high = 0xffffffff
  let low = 0xffffffff
  return {
    update: (chunk) => {
      for (const byte of chunk) {
        const index = (low ^ byte) & 0xff
        low = (((low >>> 8) | (high << 24)) ^ (LOW[index] ?? 0)) >>> 0
        high = ((high >>> 8) ^ (HIGH[index] ?? 0)) >>> 0
      }
    },
    digest: () => ((BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0)).toString(),
  }
}
