import type { Fingerprint, VideoTrack } from '../fingerprint.ts'
import { ByteWriter } from './byte-writer.ts'
import { crc32 } from './crc32.ts'
import { findFlaw } from './find-flaw.ts'
import { FORMAT_VERSION, HAS_AUDIO, MAGIC } from './layout.ts'

function writeVideo(writer: ByteWriter, video: VideoTrack): void {
  writer.varint(video.intervalMs)
  for (const edge of video.picture) writer.double(edge)
  writer.varint(video.startMs.length)
  let before = 0
  for (let run = 0; run < video.startMs.length; run++) {
    const start = video.startMs[run] as number
    const last = video.lastMs[run] as number
    writer.varint(start - before)
    writer.varint(last - start)
    before = last
  }
  writer.bytes(video.quality)
  for (const word of video.hashes) writer.word(word)
}

/**
 * The fingerprint as bytes, in the newest version of the format (docs/fingerprint-format.md). The same fingerprint
 * always gives the same bytes.
 */
export function encodeFingerprint(fingerprint: Fingerprint): Uint8Array {
  const flaw = findFlaw(fingerprint)
  if (flaw) throw new RangeError(`not a fingerprint: ${flaw}`)
  const { durationSeconds, video, audio } = fingerprint
  const writer = new ByteWriter()
  writer.bytes(MAGIC)
  writer.byte(FORMAT_VERSION)
  writer.byte(audio ? HAS_AUDIO : 0)
  writer.double(durationSeconds)
  writeVideo(writer, video)
  if (audio) {
    writer.double(audio.startMs)
    writer.varint(audio.items.length)
    for (const item of audio.items) writer.word(item)
  }
  writer.word(crc32(writer.written()))
  return writer.written()
}
