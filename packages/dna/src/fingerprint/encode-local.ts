import { DESCRIPTOR_WORDS } from '../local/descriptor.ts'
import type { LocalTrack } from '../local/local-track.ts'
import { LEVELS } from '../local/pyramid.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { FingerprintFormatError } from './format.ts'

/** Size of a frame without keypoints: time and count. */
const MIN_FRAME_BYTES = 2

export function writeLocal(writer: ByteWriter, local: LocalTrack): void {
  writer.double(local.aspect)
  writer.varint(local.timeMs.length)
  let before = 0
  for (const [frame, timeMs] of local.timeMs.entries()) {
    writer.varint(timeMs - before)
    writer.byte(local.counts[frame] as number)
    before = timeMs
  }
  writer.bytes(local.columns)
  writer.bytes(local.rows)
  writer.bytes(local.levels)
  for (const word of local.descriptors) writer.word(word)
}

export function readLocal(reader: ByteReader): LocalTrack {
  const aspect = reader.double()
  const frames = reader.count(MIN_FRAME_BYTES)
  const timeMs = new Uint32Array(frames)
  const counts = new Uint8Array(frames)
  let before = 0
  let keypoints = 0
  for (let frame = 0; frame < frames; frame++) {
    before += reader.varint()
    if (before > 0xffffffff) throw new FingerprintFormatError('A time is too large.')
    timeMs[frame] = before
    counts[frame] = reader.byte()
    keypoints += counts[frame] as number
  }
  return {
    aspect,
    timeMs,
    counts,
    columns: reader.bytes(keypoints),
    rows: reader.bytes(keypoints),
    levels: reader.bytes(keypoints),
    descriptors: reader.words(DESCRIPTOR_WORDS * keypoints),
  }
}

/** Returns a sentence that explains why keypoints are not valid; null if they are. */
export function findLocalFlaw(local: LocalTrack): string | null {
  const { aspect, timeMs, counts, columns, rows, levels, descriptors } = local
  if (!(aspect > 0 && aspect < Number.POSITIVE_INFINITY)) return `The shape of the frame is ${aspect}.`
  const keypoints = counts.reduce((sum, count) => sum + count, 0)
  const lengths = [columns.length, rows.length, levels.length, descriptors.length / DESCRIPTOR_WORDS]
  if (counts.length !== timeMs.length || lengths.some((length) => length !== keypoints))
    return 'The arrays of the keypoints differ in length.'
  for (let frame = 1; frame < timeMs.length; frame++)
    if ((timeMs[frame] as number) <= (timeMs[frame - 1] as number))
      return `The times of the keypoints of frame ${frame} are not in order.`
  return levels.some((level) => level >= LEVELS) ? `A keypoint has a level above ${LEVELS - 1}.` : null
}
