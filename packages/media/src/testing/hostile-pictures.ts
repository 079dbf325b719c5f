import { crc32 } from 'node:zlib'

const HEADER_START = 12
const HEADER_END = 29

/** A PNG whose header states another size than its pixels have; its checksum is right. */
export function withStatedSize(png: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(png)
  bytes.writeUInt32BE(width, HEADER_START + 4)
  bytes.writeUInt32BE(height, HEADER_START + 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(HEADER_START, HEADER_END)), HEADER_END)
  return bytes
}
