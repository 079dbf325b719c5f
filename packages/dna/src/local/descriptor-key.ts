import { DESCRIPTOR_WORDS, differenceOf } from './descriptor.ts'
import type { Picture } from './square-picture.ts'

/**
 * Bits of a descriptor that form its key, most significant first. Chosen one after the other, each time the one that is
 * set most nearly half of the time and least correlated with those before it, on 2,753 descriptors of 46 videos. Source:
 * ORB (Rublee et al., ICCV 2011, section 4.3). Two keypoints of unrelated videos have the same key in one pair of 400,000
 * to 800,000. A few common patterns cause half of these pairs, and further or other bits do not separate them.
 */
const KEY_BITS = [
  111, 17, 92, 41, 77, 106, 53, 76, 104, 71, 45, 99, 51, 124, 82, 38, 14, 57, 15, 81, 42, 93, 26, 16, 73, 105,
  70, 69,
] as const

/** Number of bits of a key that a query also tries the other way round. */
export const UNCERTAIN_BITS = 4

/** The key of a descriptor: an integer of 28 bits that finds the keypoint in the candidate index. */
export function keyOf(descriptors: Uint32Array, keypoint: number): number {
  return KEY_BITS.reduce<number>((key, bit) => {
    const word = descriptors[DESCRIPTOR_WORDS * keypoint + (bit >>> 5)] ?? 0
    return (key << 1) | ((word >>> (bit & 31)) & 1)
  }, 0)
}

/**
 * The bits of a keypoint's key whose two pixels differ least, by their positions in the key (0 is the least significant): four
 * of the key, then four of the key in the mirrored picture, the least certain first. They are the likeliest to differ in a copy.
 * Source: the query-directed probes of Lv et al., "Multi-Probe LSH", VLDB 2007.
 */
export function uncertainKeyBits(picture: Picture, at: number): number[] {
  // The mirror image of a bit is the neighbouring one.
  return [0, 1].flatMap((mirror) => {
    const differences = KEY_BITS.map((bit) => Math.abs(differenceOf(picture, at, bit ^ mirror)))
    return leastOf(differences, UNCERTAIN_BITS).map((i) => KEY_BITS.length - 1 - i)
  })
}

/** Indices of the smallest values, in their order. The values found are overwritten: a sort of all would take four times as long. */
function leastOf(values: number[], count: number): number[] {
  return Array.from({ length: count }, () => {
    let least = 0
    for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[least] as number)) least = i
    values[least] = Number.POSITIVE_INFINITY
    return least
  })
}
