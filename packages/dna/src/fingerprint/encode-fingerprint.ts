import { crc32 } from 'node:zlib'
import type { FrameRuns } from '../picture/run-merger.ts'
import { ByteWriter } from './byte-writer.ts'
import { writeLocal } from './encode-local.ts'
import { writePeaks } from './encode-peaks.ts'
import { findFlaw } from './find-flaw.ts'
import type { Fingerprint, PictureView, VideoTrack } from './fingerprint.ts'
import { FORMAT_VERSION, HAS_AUDIO, HAS_LOCAL, HAS_PEAKS, HAS_VIEWS, MAGIC } from './format.ts'

function writeRuns(writer: ByteWriter, { startMs, lastMs, quality, hashes }: FrameRuns): void {
  writer.varint(startMs.length)
  let before = 0
  for (let run = 0; run < startMs.length; run++) {
    const start = startMs[run] as number
    const last = lastMs[run] as number
    writer.varint(start - before)
    writer.varint(last - start)
    before = last
  }
  writer.bytes(quality)
  for (const word of hashes) writer.word(word)
}

function writeVideo(writer: ByteWriter, video: VideoTrack): void {
  writer.varint(video.intervalMs)
  for (const edge of video.picture) writer.double(edge)
  writeRuns(writer, video)
}

function writeViews(writer: ByteWriter, views: readonly PictureView[]): void {
  writer.varint(views.length)
  for (const view of views) {
    writer.varint(view.viewId)
    writer.varint(view.intervalMs)
    writeRuns(writer, view)
  }
}

/**
 * Encodes a fingerprint in the newest version of the format (docs/fingerprint-format.md). Equal fingerprints give equal
 * bytes. Bit error rates are not encoded. Throws a RangeError for a value that is not a valid fingerprint.
 *
 * `node:zlib` is used only for its CRC-32, a pure function.
 */
export function encodeFingerprint(fingerprint: Fingerprint): Uint8Array {
  const flaw = findFlaw(fingerprint)
  if (flaw) throw new RangeError(`Not a valid fingerprint: ${flaw}`)
  const { durationSeconds, video, views, local, audio } = fingerprint
  const writer = new ByteWriter()
  writer.bytes(MAGIC)
  writer.byte(FORMAT_VERSION)
  const sound = (audio ? HAS_AUDIO : 0) | (audio?.peaks ? HAS_PEAKS : 0)
  writer.byte(sound | (views ? HAS_VIEWS : 0) | (local ? HAS_LOCAL : 0))
  writer.double(durationSeconds)
  writeVideo(writer, video)
  if (views) writeViews(writer, views)
  if (local) writeLocal(writer, local)
  if (audio) {
    writer.double(audio.startMs)
    writer.varint(audio.items.length)
    for (const item of audio.items) writer.word(item)
    if (audio.peaks) writePeaks(writer, audio.peaks)
  }
  writer.word(crc32(writer.written()))
  return writer.written()
}
