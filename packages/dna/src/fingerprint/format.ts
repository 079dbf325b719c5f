/** First bytes of every encoded fingerprint: "KPFP". */
export const MAGIC = Uint8Array.of(0x4b, 0x50, 0x46, 0x50)
/** The version that is written. Earlier versions remain readable. */
export const FORMAT_VERSION = 2
/** The first version with the spectral peaks of the audio. */
export const PEAKS_VERSION = 2
/** Flag: the fingerprint has an audio track. */
export const HAS_AUDIO = 1
/** Flag: the fingerprint has a list of views. */
export const HAS_VIEWS = 2
/** Flag: the audio track has spectral peaks. */
export const HAS_PEAKS = 4
/** Flag, from version 2 on: the fingerprint has keypoints. */
export const HAS_LOCAL = 8
/** Limits the number of views: an empty one takes only three bytes, but allocates objects. */
export const MAX_VIEWS = 64
/** Bytes of a frame hash. */
export const HASH_BYTES = 32
/** Bytes of the CRC-32 at the end. */
export const CHECKSUM_BYTES = 4

/** The version of an encoded fingerprint; 0 if there is none. */
export function formatVersionOf(bytes: Uint8Array): number {
  return bytes[MAGIC.length] ?? 0
}

/** Thrown for bytes that are not a complete encoded fingerprint. */
export class FingerprintFormatError extends Error {
  override readonly name = 'FingerprintFormatError'
}
