/** 380 ternary elements per frame, five to a byte. */
export const SIGNATURE_BYTES = 76

export type Frames = {
  /** One byte per frame, 0..255. */
  readonly confidence: Uint8Array
  /** SIGNATURE_BYTES per frame. */
  readonly elements: Uint8Array
}

/** Bits of the fields of ISO/IEC 15938-3 as libavfilter/vf_signature.c (binary_export) writes them. */
const BEFORE_FRAME_COUNT = 32 + 1 + 32 + 16 + 16 + 32
const BETWEEN_COUNTS = 16 + 1 + 32 + 32
const SEGMENT = 32 + 32 + 1 + 32 + 32 + 5 * 243
const BEFORE_CONFIDENCE = 1 + 32
const WORDS = 5 * 8

/** Reads the frame signatures from the output of ffmpeg's filter `signature` with format=binary. */
export function readSignature(bytes: Uint8Array): Frames {
  let at = BEFORE_FRAME_COUNT
  const take = (bits: number): number => {
    let value = 0
    for (let n = 0; n < bits; n++, at++) value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1)
    return value
  }
  const stated = take(32)
  at += BETWEEN_COUNTS
  const segments = take(32)
  at += segments * SEGMENT + 1
  const frameBits = BEFORE_CONFIDENCE + 8 + WORDS + SIGNATURE_BYTES * 8
  const count = Math.max(0, Math.min(stated, Math.floor((bytes.length * 8 - at) / frameBits)))
  const confidence = new Uint8Array(count)
  const elements = new Uint8Array(count * SIGNATURE_BYTES)
  for (let frame = 0; frame < count; frame++) {
    at += BEFORE_CONFIDENCE
    confidence[frame] = take(8)
    at += WORDS
    for (let n = 0; n < SIGNATURE_BYTES; n++) elements[frame * SIGNATURE_BYTES + n] = take(8)
  }
  return { confidence, elements }
}
