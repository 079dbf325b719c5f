import { readFileSync, writeFileSync } from 'node:fs'

/** Copies an MP4 and writes another length into its header, in seconds (ISO/IEC 14496-12: mvhd, mdhd, tkhd, version 0). */
export function claimDuration(from: string, to: string, seconds: number): void {
  const bytes = readFileSync(from)
  const movieScale = bytes.readUInt32BE(boxBody(bytes, 'mvhd', 0) + 12)
  for (const type of ['mvhd', 'mdhd', 'tkhd'] as const) {
    for (let at = boxBody(bytes, type, 0); at > 0; at = boxBody(bytes, type, at)) {
      const scale = type === 'tkhd' ? movieScale : bytes.readUInt32BE(at + 12)
      bytes.writeUInt32BE(seconds * scale, at + (type === 'tkhd' ? 20 : 16))
    }
  }
  writeFileSync(to, bytes)
}

/** Copies a file and inverts every `every`-th byte from `start` on. */
export function flipBytes(
  from: string,
  to: string,
  { start, every }: { start: number; every: number },
): void {
  const bytes = readFileSync(from)
  for (let at = start; at < bytes.length; at += every) bytes[at] = (bytes[at] ?? 0) ^ 0xff
  writeFileSync(to, bytes)
}

function boxBody(bytes: Buffer, type: string, after: number): number {
  const at = bytes.indexOf(type, after, 'latin1')
  return at < 0 ? -1 : at + 4
}
