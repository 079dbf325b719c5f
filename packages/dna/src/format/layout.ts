/** The first bytes of every fingerprint: "KPFP". */
export const MAGIC = Uint8Array.of(0x4b, 0x50, 0x46, 0x50)
/** The version that is written. Older ones stay readable beside it. */
export const FORMAT_VERSION = 1
/** Bit of the flags: there is an audio track. */
export const HAS_AUDIO = 1
/** Bit of the flags: there is a list of views. */
export const HAS_VIEWS = 2
/** Most views: an empty one takes three bytes, but objects in memory. */
export const MAX_VIEWS = 64
/** Bytes of a hash. */
export const HASH_BYTES = 32
/** Bytes of the checksum at the end. */
export const CHECKSUM_BYTES = 4
