import { readFileSync } from 'node:fs'
import { ffmpeg } from '../footage.ts'
import { boxesOf, boxOf } from './mp4-tree.ts'

/** A copy of the file at `path` whose header lists `count` additional tracks. The last box must be the index. */
export function withTracks(path: string, count: number): Buffer {
  const bytes = readFileSync(path)
  const { start, end } = boxOf(bytes, 'moov')
  if (end !== bytes.length) throw new Error('The index must be the last box.')
  const track = boxOf(bytes, 'trak')
  const extra = Array.from({ length: count }, (_, n) => {
    const copy = Buffer.from(bytes.subarray(track.start, track.end))
    // The track id follows version, flags and two times (8.3.2) and must be unique.
    copy.writeUInt32BE(100 + n, boxOf(copy, 'tkhd').body + 12)
    return copy
  })
  const longer = Buffer.concat([bytes, ...extra])
  longer.writeUInt32BE(longer.length - start, start)
  return longer
}

/**
 * An index that claims `samples` samples of one byte in each chunk of each track (8.6.1.2, 8.7.3, 8.7.4). A demuxer
 * builds 24 bytes for each of them: a file of 416 kB took 10.8 GB of ffprobe's memory.
 */
export function claimSamples(file: Buffer, samples: number): Buffer {
  const bytes = Buffer.from(file)
  for (const { type, body } of boxesOf(bytes)) {
    if (type === 'stsz') {
      bytes.writeUInt32BE(1, body + 4)
      bytes.writeUInt32BE(samples, body + 8)
    }
    if (type === 'stts') bytes.writeUInt32BE(samples, body + 8)
    if (type === 'stsc') {
      bytes.writeUInt32BE(1, body + 8)
      bytes.writeUInt32BE(samples, body + 12)
      bytes.writeUInt32BE(1, body + 16)
    }
  }
  return bytes
}

/** A small PNG video whose pictures claim to be 16384 x 16384, and with `openly` its header, too. */
export async function giantPicture(path: string, { openly }: { readonly openly: boolean }): Promise<Buffer> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=5:d=2']
  await ffmpeg(...source, '-c:v', 'png', '-pix_fmt', 'rgb24', path)
  const bytes = readFileSync(path)
  for (let at = bytes.indexOf('IHDR'); at !== -1; at = bytes.indexOf('IHDR', at + 4)) {
    bytes.writeUInt32BE(16_384, at + 4)
    bytes.writeUInt32BE(16_384, at + 8)
  }
  if (openly) {
    // The first sample entry's width and height (12.1.3).
    const entry = boxOf(bytes, 'stsd').body + 8
    bytes.writeUInt16BE(16_384, entry + 32)
    bytes.writeUInt16BE(16_384, entry + 34)
  }
  return bytes
}

/** 100,000 frames per second. */
export async function fastTrack(path: string): Promise<void> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=16x16:r=100000:d=0.1']
  await ffmpeg(...source, '-c:v', 'libx264', '-preset', 'ultrafast', '-video_track_timescale', '100000', path)
}
