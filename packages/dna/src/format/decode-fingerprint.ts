import type { AudioTrack, Fingerprint, PictureView, VideoTrack } from '../fingerprint.ts'
import { HASH_WORDS } from '../match/hamming.ts'
import { ByteReader } from './byte-reader.ts'
import { crc32 } from './crc32.ts'
import { findFlaw } from './find-flaw.ts'
import { FingerprintFormatError } from './fingerprint-format-error.ts'
import {
  CHECKSUM_BYTES,
  FORMAT_VERSION,
  HAS_AUDIO,
  HAS_VIEWS,
  HASH_BYTES,
  MAGIC,
  MAX_VIEWS,
} from './layout.ts'

/** Least bytes of a run: two times, a quality and a hash. */
const LEAST_RUN_BYTES = 3 + HASH_BYTES
/** Least bytes of a view: cut, interval and number of runs. */
const LEAST_VIEW_BYTES = 3

function readRuns(reader: ByteReader) {
  const runs = reader.count(LEAST_RUN_BYTES)
  const startMs = new Uint32Array(runs)
  const lastMs = new Uint32Array(runs)
  let before = 0
  for (let run = 0; run < runs; run++) {
    const start = before + reader.varint()
    const last = start + reader.varint()
    if (last > 0xffffffff) throw new FingerprintFormatError('a time is too large')
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
  const length = reader.count(LEAST_VIEW_BYTES)
  if (length > MAX_VIEWS) throw new FingerprintFormatError(`there are ${length} views`)
  return Array.from({ length }, () => {
    const cut = reader.varint()
    const intervalMs = reader.varint()
    return { cut, intervalMs, ...readRuns(reader) }
  })
}

function readAudio(reader: ByteReader): AudioTrack {
  const startMs = reader.double()
  return { startMs, items: reader.words(reader.count(4)) }
}

function assertWhole(bytes: Uint8Array): void {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new FingerprintFormatError('this is not a fingerprint')
  }
  const version = bytes[MAGIC.length]
  if (version !== FORMAT_VERSION) {
    throw new FingerprintFormatError(`version ${version ?? 'none'} of the format is not known here`)
  }
  const end = bytes.length - CHECKSUM_BYTES
  const checksum = end > MAGIC.length ? new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0) : -1
  if (crc32(bytes.subarray(0, Math.max(0, end))) !== checksum) {
    throw new FingerprintFormatError('the fingerprint is damaged: its checksum differs')
  }
}

/**
 * The fingerprint that the bytes hold. Anything but what `encodeFingerprint` writes throws a FingerprintFormatError;
 * the memory taken never exceeds a small multiple of the bytes given.
 */
export function decodeFingerprint(bytes: Uint8Array): Fingerprint {
  assertWhole(bytes)
  const reader = new ByteReader(bytes.subarray(MAGIC.length + 1, bytes.length - CHECKSUM_BYTES))
  const flags = reader.byte()
  if ((flags & ~(HAS_AUDIO | HAS_VIEWS)) !== 0) throw new FingerprintFormatError(`the flags are ${flags}`)
  const durationSeconds = reader.double()
  const video = readVideo(reader)
  const views = flags & HAS_VIEWS ? readViews(reader) : null
  const audio = flags & HAS_AUDIO ? readAudio(reader) : null
  if (reader.remaining > 0) throw new FingerprintFormatError(`${reader.remaining} bytes are left over`)
  const fingerprint: Fingerprint = { durationSeconds, video, ...(views && { views }), audio }
  const flaw = findFlaw(fingerprint)
  if (flaw) throw new FingerprintFormatError(flaw)
  return fingerprint
}
