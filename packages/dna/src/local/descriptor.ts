import type { Picture } from './square-picture.ts'

/** Half the side of the patch that a descriptor compares, in pixels of its level. */
export const PATCH_RADIUS = 12
export const DESCRIPTOR_WORDS = 4
const PAIRS = 32 * DESCRIPTOR_WORDS
/** The two pixels of a pair are at least this far apart, in pixels. */
const MIN_SPAN = 4

type Pair = readonly [ax: number, ay: number, bx: number, by: number]

/**
 * Pairs of pixels around a keypoint, denser at its centre. Each pair is followed by its mirror image, so that a mirrored
 * picture exchanges neighbouring bits.
 */
const PATTERN: readonly Pair[] = patternOf()

function patternOf(): Pair[] {
  let state = 12_345
  const uniform = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) / 2 ** 24
  }
  // The sum of four uniform values is close to normal, and exact on every machine.
  const coordinate = () =>
    Math.round((uniform() + uniform() + uniform() + uniform() - 2) * 0.85 * PATCH_RADIUS)
  const pairs: Pair[] = []
  while (pairs.length < PAIRS) {
    const [ax, ay, bx, by] = [coordinate(), coordinate(), coordinate(), coordinate()]
    const isInside = Math.max(Math.abs(ax), Math.abs(ay), Math.abs(bx), Math.abs(by)) <= PATCH_RADIUS
    const isMirrorOfItself = ax === -bx && ay === by
    if (!isInside || isMirrorOfItself || (ax - bx) ** 2 + (ay - by) ** 2 < MIN_SPAN ** 2) continue
    pairs.push([ax, ay, bx, by], [-ax, ay, -bx, by])
  }
  return pairs
}

const offsetsByWidth = new Map<number, Int32Array>()

function offsetsFor(width: number): Int32Array {
  let offsets = offsetsByWidth.get(width)
  if (!offsets) {
    offsets = Int32Array.from(PATTERN.flatMap(([ax, ay, bx, by]) => [ay * width + ax, by * width + bx]))
    if (offsetsByWidth.size > 64) offsetsByWidth.clear()
    offsetsByWidth.set(width, offsets)
  }
  return offsets
}

/**
 * Writes the descriptor of the patch around a pixel of a blurred picture: each bit tells which pixel of a pair is
 * brighter. The patch must be inside the picture. Source: BRIEF (Calonder et al., ECCV 2010), upright.
 */
export function describe({ pixels, width }: Picture, at: number, into: Uint32Array): void {
  const offsets = offsetsFor(width)
  for (let word = 0; word < DESCRIPTOR_WORDS; word++) {
    let bits = 0
    for (let bit = 0; bit < 32; bit++) {
      const pair = 2 * (32 * word + bit)
      const isDarker =
        (pixels[at + (offsets[pair] as number)] as number) <
        (pixels[at + (offsets[pair + 1] as number)] as number)
      if (isDarker) bits |= 1 << bit
    }
    into[word] = bits
  }
}

/** By how many grey levels the first pixel of a bit's pair is brighter than the second. The patch must be inside the picture. */
export function differenceOf({ pixels, width }: Picture, at: number, bit: number): number {
  const offsets = offsetsFor(width)
  const [a, b] = [offsets[2 * bit] as number, offsets[2 * bit + 1] as number]
  return (pixels[at + a] as number) - (pixels[at + b] as number)
}

/** The descriptors of the mirrored picture. */
export function mirrorDescriptors(words: Uint32Array): Uint32Array {
  return words.map((word) => ((word & 0x55555555) << 1) | ((word >>> 1) & 0x55555555))
}
