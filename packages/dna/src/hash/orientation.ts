import { HASH_WORDS } from './hamming.ts'

/** Clockwise rotation of a picture, in degrees. */
export type Turn = 0 | 90 | 180 | 270

/**
 * What an orientation does to the bits of a PDQ hash: rows and columns are swapped (a quarter turn), then the bits
 * under the mask are flipped. Each bit indicates whether a DCT coefficient exceeds the median of all. Mirroring an axis
 * negates the coefficients of odd frequency along it. The median is near zero, so their bits flip. Index i of the 16x16
 * coefficients is frequency i + 1, so the even columns or rows flip. Exact except for the few coefficients between zero
 * and the median.
 */
export type HashTransform = { readonly swap: boolean; readonly mask: number }

/** A mirrored or turned picture, and the transform that converts its hash to that of the upright picture. */
export type Orientation = HashTransform & {
  /** How the picture is shown: mirrored left to right first, then turned clockwise. */
  readonly mirrored: boolean
  readonly turn: Turn
}

/** A part of a picture, in fractions of its width and height. */
type Part = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }

/** The even columns of each row of coefficients. */
export const MIRROR_MASK = 0x55555555
/** The even rows: the lower half of each word. */
const FLIP_MASK = 0x0000ffff
const HALF_TURN_MASK = (MIRROR_MASK ^ FLIP_MASK) >>> 0

/** Mirrored left to right: by far the most common orientation after upright. */
export const MIRRORED: Orientation = { swap: false, mask: MIRROR_MASK, mirrored: true, turn: 0 }

/** The orientations searched besides upright: mirrored, upside down, a half turn, a quarter turn either way. */
export const ORIENTATIONS: readonly Orientation[] = [
  MIRRORED,
  { swap: false, mask: FLIP_MASK, mirrored: true, turn: 180 },
  { swap: false, mask: HALF_TURN_MASK, mirrored: false, turn: 180 },
  { swap: true, mask: MIRROR_MASK, mirrored: false, turn: 270 },
  { swap: true, mask: FLIP_MASK, mirrored: false, turn: 90 },
]

/** The orientation in which a picture is shown; undefined for upright, and for a combination that is not searched. */
export function orientationOf({
  mirrored,
  turn,
}: Pick<Orientation, 'mirrored' | 'turn'>): Orientation | undefined {
  return ORIENTATIONS.find((one) => one.mirrored === mirrored && one.turn === turn)
}

/** The transform that undoes another, applied before or after it. */
export function inverseTransform({ swap, mask }: HashTransform): HashTransform {
  const swappedMask = mask === MIRROR_MASK ? FLIP_MASK : mask === FLIP_MASK ? MIRROR_MASK : mask
  return { swap, mask: swap ? swappedMask : mask }
}

/** The part of the original picture that corresponds to `part` of the reoriented picture. */
export function unorientCrop({ swap, mask }: HashTransform, { left, top, right, bottom }: Part): Part {
  const isMirrored = mask === MIRROR_MASK || mask === HALF_TURN_MASK
  const isFlipped = mask === FLIP_MASK || mask === HALF_TURN_MASK
  const [x0, x1] = isMirrored ? [1 - right, 1 - left] : [left, right]
  const [y0, y1] = isFlipped ? [1 - bottom, 1 - top] : [top, bottom]
  return swap ? { left: y0, top: x0, right: y1, bottom: x1 } : { left: x0, top: y0, right: x1, bottom: y1 }
}

/** Returns the hashes (eight words each) of the same pictures in another orientation. */
export function orientHashes(hashes: Uint32Array, { swap, mask }: HashTransform): Uint32Array {
  return (swap ? transposed(hashes) : hashes).map((word) => word ^ mask)
}

/** Returns the bit error rates of one such hash, reordered with its bits; the top bit of word 0 comes first. */
export function orientBitErrorRates(rates: Uint8Array, { swap }: HashTransform): Uint8Array {
  return swap ? rates.map((_, at) => rates[255 - transposedBit(255 - at)] as number) : rates
}

const rows = new Uint16Array(16)

/**
 * Transposes each 16x16 bit matrix. Row i is half of word (15 - i) >> 1, the upper half where i is odd. Blocks of 8, 4,
 * 2 and 1 bits are exchanged across the diagonal. Source: Warren, Hacker's Delight, section 7-3.
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

/** The bit of the coefficient whose row is the column of this one. Its own inverse. */
function transposedBit(bit: number): number {
  return ((bit & 15) << 4) | (bit >> 4)
}
