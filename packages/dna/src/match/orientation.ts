import { HASH_WORDS } from './hamming.ts'
import type { PictureLane } from './picture-lane.ts'
import type { Turn } from './segment.ts'

/**
 * How a picture may have been laid: its axes swapped (a quarter turn), then the bits flipped that change with a
 * mirrored axis. A PDQ bit says whether a DCT coefficient lies over the median of all; mirroring changes the sign of
 * those with an odd frequency along the axis, and as the median lies near zero, that flips their bits. Index i of the
 * 16 x 16 coefficients is frequency i + 1, so it is the even columns or rows that flip. Exact up to the few
 * coefficients between zero and the median.
 */
export type Orientation = {
  readonly swap: boolean
  readonly mask: number
  /** What was done to a picture that comes upright when it is laid like this: mirrored first, then turned clockwise. */
  readonly mirrored: boolean
  readonly turn: Turn
}

/** Even columns of each row of coefficients. */
export const MIRROR_MASK = 0x55555555
/** Even rows: the lower half of each word. */
const FLIP_MASK = 0x0000ffff
const TURN_MASK = (MIRROR_MASK ^ FLIP_MASK) >>> 0

/** Left and right changed: by far the commonest way. */
export const MIRRORED: Orientation = { swap: false, mask: MIRROR_MASK, mirrored: true, turn: 0 }

/** Mirrored, upside down, turned by half, and turned by a quarter either way. */
export const ORIENTATIONS: readonly Orientation[] = [
  MIRRORED,
  { swap: false, mask: FLIP_MASK, mirrored: true, turn: 180 },
  { swap: false, mask: TURN_MASK, mirrored: false, turn: 180 },
  { swap: true, mask: MIRROR_MASK, mirrored: false, turn: 270 },
  { swap: true, mask: FLIP_MASK, mirrored: false, turn: 90 },
]

/** The track as if its picture had been laid in another way. */
export function laid(lane: PictureLane, orientation: Orientation): PictureLane {
  return { ...lane, hashes: laidHashes(lane.hashes, orientation) }
}

/** The hashes (eight words each) of pictures that were laid in another way. */
export function laidHashes(hashes: Uint32Array, { swap, mask }: Orientation): Uint32Array {
  return (swap ? transposed(hashes) : hashes).map((word) => word ^ mask)
}

/** The doubts about the 256 bits of one such hash, the top bit of word 0 first. */
export function laidDoubts(doubts: Uint8Array, { swap }: Orientation): Uint8Array {
  return swap ? doubts.map((_, at) => doubts[255 - swapped(255 - at)] as number) : doubts
}

/** Swaps rows and columns of the 16 x 16 bits: row i is half of word (15 - i) >> 1, the upper half where i is odd. */
function transposed(hashes: Uint32Array): Uint32Array {
  const output = new Uint32Array(hashes.length)
  for (let base = 0; base + HASH_WORDS <= hashes.length; base += HASH_WORDS) {
    for (let bit = 0; bit < 256; bit++) {
      const word = hashes[base + wordOf(bit)] as number
      if (((word >>> (bit & 31)) & 1) === 0) continue
      const moved = swapped(bit)
      const at = base + wordOf(moved)
      output[at] = (output[at] as number) | (1 << (moved & 31))
    }
  }
  return output
}

/** The bit of the coefficient whose row is this one's column; its own inverse. */
function swapped(bit: number): number {
  return ((bit & 15) << 4) | (bit >> 4)
}

function wordOf(bit: number): number {
  return HASH_WORDS - 1 - (bit >> 5)
}
