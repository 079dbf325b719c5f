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

/** A part of a picture, in fractions of its width and height. */
type Part = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }

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

/** What an orientation does to the bits of a hash. */
export type BitChange = Pick<Orientation, 'swap' | 'mask'>

/** The change that undoes one: after both, in either order, a hash is as it was. */
export function inverseOf({ swap, mask }: BitChange): BitChange {
  const swapped = mask === MIRROR_MASK ? FLIP_MASK : mask === FLIP_MASK ? MIRROR_MASK : mask
  return { swap, mask: swap ? swapped : mask }
}

/** Where in a picture lies what is a given part of it once it has been laid in another way. */
export function partBefore({ swap, mask }: BitChange, { left, top, right, bottom }: Part): Part {
  const isMirrored = mask === MIRROR_MASK || mask === TURN_MASK
  const isFlipped = mask === FLIP_MASK || mask === TURN_MASK
  const [x0, x1] = isMirrored ? [1 - right, 1 - left] : [left, right]
  const [y0, y1] = isFlipped ? [1 - bottom, 1 - top] : [top, bottom]
  return swap ? { left: y0, top: x0, right: y1, bottom: x1 } : { left: x0, top: y0, right: x1, bottom: y1 }
}

/** The track as if its picture had been laid in another way. */
export function laid(lane: PictureLane, orientation: Orientation): PictureLane {
  return { ...lane, hashes: laidHashes(lane.hashes, orientation) }
}

/** The hashes (eight words each) of pictures that were laid in another way. */
export function laidHashes(hashes: Uint32Array, { swap, mask }: BitChange): Uint32Array {
  return (swap ? transposed(hashes) : hashes).map((word) => word ^ mask)
}

/** The doubts about the 256 bits of one such hash, the top bit of word 0 first. */
export function laidDoubts(doubts: Uint8Array, { swap }: Orientation): Uint8Array {
  return swap ? doubts.map((_, at) => doubts[255 - swapped(255 - at)] as number) : doubts
}

const rows = new Uint16Array(16)

/**
 * Swaps rows and columns of the 16 x 16 bits: row i is half of word (15 - i) >> 1, the upper half where i is odd. Blocks
 * of 8, 4, 2 and 1 bits change places with those across the diagonal (source: Warren, Hacker's Delight, 7-3).
 */
function transposed(hashes: Uint32Array): Uint32Array {
  const output = new Uint32Array(hashes.length)
  for (let base = 0; base + HASH_WORDS <= hashes.length; base += HASH_WORDS) {
    for (let word = 0; word < HASH_WORDS; word++) {
      const both = hashes[base + word] as number
      rows[15 - 2 * word] = both >>> 16
      rows[14 - 2 * word] = both
    }
    for (let size = 8, mask = 0xff; size > 0; size >>= 1, mask ^= mask << size) {
      for (let row = 0; row < 16; row = (row + size + 1) & ~size) {
        const [above, below] = [rows[row] as number, rows[row + size] as number]
        const changed = ((above >>> size) ^ below) & mask
        rows[row] = above ^ (changed << size)
        rows[row + size] = below ^ changed
      }
    }
    for (let word = 0; word < HASH_WORDS; word++)
      output[base + word] = ((rows[15 - 2 * word] as number) << 16) | (rows[14 - 2 * word] as number)
  }
  return output
}

/** The bit of the coefficient whose row is this one's column; its own inverse. */
function swapped(bit: number): number {
  return ((bit & 15) << 4) | (bit >> 4)
}
