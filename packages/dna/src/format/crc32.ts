/** The reflected polynomial of zip, PNG and Ethernet. */
const POLYNOMIAL = 0xedb88320

/** Bytes that are taken at a time. */
const SLICE = 8

/**
 * Table n holds what a byte does to the remainder when n more bytes follow it in its slice (slicing-by-8; source: Kounavis
 * and Berry, A Systematic Approach to Building High Performance Software-Based CRC Generators, 2005).
 */
const tables = makeTables()

function makeTables(): Uint32Array {
  const made = new Uint32Array(256 * SLICE)
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1
    }
    made[byte] = remainder
  }
  for (let at = 256; at < made.length; at++) {
    const before = made[at - 256] as number
    made[at] = (before >>> 8) ^ (made[before & 0xff] as number)
  }
  return made
}

/** CRC-32 of the bytes (ISO-HDLC: the one of zip and PNG), 0 to 2^32 - 1. */
export function crc32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sliced = bytes.length - (bytes.length % SLICE)
  let remainder = 0xffffffff
  for (let at = 0; at < sliced; at += SLICE) {
    const low = remainder ^ view.getUint32(at, true)
    const high = view.getUint32(at + 4, true)
    remainder =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, high) ^
      entry(2, high >>> 8) ^
      entry(1, high >>> 16) ^
      entry(0, high >>> 24)
  }
  for (const byte of bytes.subarray(sliced)) remainder = (remainder >>> 8) ^ entry(0, remainder ^ byte)
  return (remainder ^ 0xffffffff) >>> 0
}

/** What the lowest byte of `bits` does when `following` more bytes of its slice come. */
function entry(following: number, bits: number): number {
  return tables[256 * following + (bits & 0xff)] as number
}
