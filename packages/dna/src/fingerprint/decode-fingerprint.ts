import { crc32 } from 'node:zlib'
import { HASH_WORDS } from '../hash/hamming.ts'
import type { FrameRuns } from '../picture/run-merger.ts'
import { ByteReader } from './byte-reader.ts'
import { readLocal } from './encode-local.ts'
import { readPeaks } from './encode-peaks.ts'
import { findFlaw } from './find-flaw.ts'
import type { AudioTrack, Fingerprint, PictureView, VideoTrack } from './fingerprint.ts'
import {
  CHECKSUM_BYTES,
  FingerprintFormatError,
  FORMAT_VERSION,
  HAS_AUDIO,
  HAS_LOCAL,
  HAS_PEAKS,
  HAS_VIEWS,
  HASH_BYTES,
  MAGIC,
  MAX_VIEWS,
  PEAKS_VERSION,
} from './format.ts'

/** Size of the smallest run: two times, a quality and a hash. */
const MIN_RUN_BYTES = 3 + HASH_BYTES
/** Size of the smallest view: number, interval and count of runs. */
const MIN_VIEW_BYTES = 3

function readRuns(reader: ByteReader): FrameRuns {
  const runs = reader.count(MIN_RUN_BYTES)
  const startMs = new Uint32Array(runs)
  const lastMs = new Uint32Array(runs)
  let before = 0
  for (let run = 0; run < runs; run++) {
    const start = before + reader.varint()
    const last = start + reader.varint()
    if (last > 0xffffffff) throw new FingerprintFormatError('A time is too large.')
    startMs[run] = start
    lastMs[run] = last
    before = last
  }
  const quality = reader.bytes(runs)
  return { startMs, lastMs, quality, hashes: reader.words(runs * HASH_WORDS) }
}

function readVideo(reader: ByteReader): VideoTrack {
  const intervalMs = reader.varint()
  const picture = [reader.double(), reader.double(), reader.double(), reader.double()] as const
  return { intervalMs, picture, ...readRuns(reader) }
}

function readViews(reader: ByteReader): PictureView[] {
  const length = reader.count(MIN_VIEW_BYTES)
  if (length > MAX_VIEWS) {
    throw new FingerprintFormatError(`There are ${length} views, more than ${MAX_VIEWS}.`)
  }
  return Array.from({ length }, () => {
    const viewId = reader.varint()
    const intervalMs = reader.varint()
    return { viewId, intervalMs, ...readRuns(reader) }
  })
}

function readAudio(reader: ByteReader, withPeaks: boolean): AudioTrack {
  const startMs = reader.double()
  const items = reader.words(reader.count(4))
  return { startMs, items, ...(withPeaks && { peaks: readPeaks(reader) }) }
}

/** Reads the flags. Peaks belong to audio. Version 1 has neither peaks nor keypoints. */
function readFlags(reader: ByteReader, version: number): number {
  const flags = reader.byte()
  const newer = version >= PEAKS_VERSION ? HAS_LOCAL | (flags & HAS_AUDIO ? HAS_PEAKS : 0) : 0
  const known = HAS_AUDIO | HAS_VIEWS | newer
  if ((flags & ~known) !== 0) throw new FingerprintFormatError(`Unknown flags: ${flags}.`)
  return flags
}

/** Checks the frame around the content, and returns the version. */
function intactVersion(bytes: Uint8Array): number {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new FingerprintFormatError('The bytes are not a fingerprint.')
  }
  const version = bytes[MAGIC.length]
  if (version === undefined || version < 1 || version > FORMAT_VERSION) {
    throw new FingerprintFormatError(
      `Format version ${version ?? 'none'} is not supported. This program reads versions 1 to ${FORMAT_VERSION}.`,
    )
  }
  const end = bytes.length - CHECKSUM_BYTES
  const checksum = end > MAGIC.length ? new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0) : -1
  if (crc32(bytes.subarray(0, Math.max(0, end))) !== checksum) {
    throw new FingerprintFormatError('The fingerprint is damaged: its checksum does not match.')
  }
  return version
}

/**
 * Decodes the bytes of one fingerprint. Throws a FingerprintFormatError for any bytes that `encodeFingerprint` cannot
 * produce. Memory use is bounded by a small multiple of the input.
 */
export function decodeFingerprint(bytes: Uint8Array): Fingerprint {
  const version = intactVersion(bytes)
  const reader = new ByteReader(bytes.subarray(MAGIC.length + 1, bytes.length - CHECKSUM_BYTES))
  const flags = readFlags(reader, version)
  const durationSeconds = reader.double()
  const video = readVideo(reader)
  const views = flags & HAS_VIEWS ? readViews(reader) : null
  const local = flags & HAS_LOCAL ? readLocal(reader) : null
  const audio = flags & HAS_AUDIO ? readAudio(reader, (flags & HAS_PEAKS) !== 0) : null
  if (reader.remaining > 0) {
    throw new FingerprintFormatError(`${reader.remaining} bytes follow the end of the fingerprint.`)
  }
  const fingerprint: Fingerprint = {
    durationSeconds,
    video,
    ...(views && { views }),
    ...(local && { local }),
    audio,
  }
  const flaw = findFlaw(fingerprint)
  if (flaw) throw new FingerprintFormatError(flaw)
  return fingerprint
}
