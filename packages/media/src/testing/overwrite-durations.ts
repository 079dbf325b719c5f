/**
 * Sets the length in an MP4's headers: in mvhd and, for each track, in tkhd and mdhd (version 0 boxes, ISO/IEC
 * 14496-12). The sample tables stay as they are.
 */
export function overwriteDurations(mp4: Buffer, seconds: number): Buffer {
  const bytes = Buffer.from(mp4)
  const at = (type: string, from: number): number => bytes.indexOf(type, from, 'latin1')
  const movie = at('mvhd', 0)
  const movieScale = bytes.readUInt32BE(movie + 16)
  bytes.writeUInt32BE(seconds * movieScale, movie + 20)
  for (let track = at('tkhd', 0); track !== -1; track = at('tkhd', track + 4)) {
    bytes.writeUInt32BE(seconds * movieScale, track + 24)
  }
  for (let media = at('mdhd', 0); media !== -1; media = at('mdhd', media + 4)) {
    bytes.writeUInt32BE(seconds * bytes.readUInt32BE(media + 16), media + 20)
  }
  return bytes
}
