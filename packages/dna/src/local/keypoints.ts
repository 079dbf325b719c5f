import { FRAME_SIDE, type Rect } from '../picture/rect.ts'
import { PATCH_RADIUS } from './descriptor.ts'
import type { Picture } from './square-picture.ts'

/** A keypoint of one level of a pyramid. */
export type Keypoint = {
  readonly level: number
  /** Column and row in the pixels of the level, and the index of that pixel. */
  readonly x: number
  readonly y: number
  readonly at: number
  readonly strength: number
}

/** Least determinant of the second derivatives: blobs of four grey levels against their surroundings. */
const MIN_STRENGTH = 16
/** A keypoint is the strongest within this many pixels. */
const SEPARATION = 3
/** The picture is divided into this many cells each way at each level, ... */
const CELLS = 4
/** ... and a further keypoint of a cell ranks behind the first ones of others; coarse levels have fewer. */
const LEVEL_COST = [1, 1.3, 2, 2, 2]

/**
 * The strongest keypoints of a pyramid, spread over picture and scales: blobs, where the determinant of the second
 * derivatives is largest. Source: Bay et al., "SURF", ECCV 2006. `within` is the active picture, in pixels of the frame.
 */
export function findKeypoints(
  pyramid: readonly Picture[],
  { within, count }: { readonly within: Rect; readonly count: number },
): Keypoint[] {
  const cells = new Map<number, Keypoint[]>()
  for (const [level, picture] of pyramid.entries())
    for (const keypoint of blobsOf(picture, level, within)) {
      const cell =
        (level * CELLS + Math.floor((keypoint.y / picture.height) * CELLS)) * CELLS +
        Math.floor((keypoint.x / picture.width) * CELLS)
      const list = cells.get(cell)
      if (list) list.push(keypoint)
      else cells.set(cell, [keypoint])
    }
  const ranked = [...cells.values()].flatMap((list) =>
    list
      .sort((a, b) => b.strength - a.strength || a.at - b.at)
      .slice(0, count)
      .map((keypoint, rank) => ({ keypoint, rank: rank * (LEVEL_COST[keypoint.level] ?? 1) })),
  )
  ranked.sort(
    (a, b) =>
      a.rank - b.rank ||
      b.keypoint.strength - a.keypoint.strength ||
      a.keypoint.level - b.keypoint.level ||
      a.keypoint.at - b.keypoint.at,
  )
  return ranked.slice(0, count).map(({ keypoint }) => keypoint)
}

function blobsOf(picture: Picture, level: number, within: Rect): Keypoint[] {
  const { width, height } = picture
  const margin = PATCH_RADIUS + SEPARATION + 1
  const edge = (side: number, of: number) => (side * of) / FRAME_SIDE
  // A patch is inside the active picture.
  const left = Math.max(margin, Math.ceil(edge(within.left, width) + PATCH_RADIUS))
  const right = Math.min(width - margin, Math.floor(edge(within.right, width) - PATCH_RADIUS))
  const top = Math.max(margin, Math.ceil(edge(within.top, height) + PATCH_RADIUS))
  const bottom = Math.min(height - margin, Math.floor(edge(within.bottom, height) - PATCH_RADIUS))
  const found: Keypoint[] = []
  if (right <= left || bottom <= top) return found
  const strengths = determinants(picture, { left, right, top, bottom })
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const at = y * width + x
      const strength = strengths[at] as number
      if (strength >= MIN_STRENGTH && isPeak(strengths, at, width)) found.push({ level, x, y, at, strength })
    }
  return found
}

function determinants({ pixels, width, height }: Picture, { left, right, top, bottom }: Rect): Float32Array {
  const strengths = new Float32Array(width * height)
  const [one, two] = [width, 2 * width]
  for (let y = top - SEPARATION; y < bottom + SEPARATION; y++) {
    const end = y * width + right + SEPARATION
    for (let at = y * width + left - SEPARATION; at < end; at++) {
      const centre = 2 * (pixels[at] as number)
      const across = (pixels[at - 2] as number) + (pixels[at + 2] as number) - centre
      const down = (pixels[at - two] as number) + (pixels[at + two] as number) - centre
      const product = across * down
      if (product < MIN_STRENGTH) continue
      const diagonal =
        (pixels[at - one - 1] as number) +
        (pixels[at + one + 1] as number) -
        (pixels[at - one + 1] as number) -
        (pixels[at + one - 1] as number)
      strengths[at] = product - diagonal * diagonal
    }
  }
  return strengths
}

function isPeak(strengths: Float32Array, at: number, width: number): boolean {
  const strength = strengths[at] as number
  for (let dy = -SEPARATION; dy <= SEPARATION; dy++)
    for (let dx = -SEPARATION; dx <= SEPARATION; dx++) {
      const other = strengths[at + dy * width + dx] as number
      if (other > strength || (other === strength && (dy < 0 || (dy === 0 && dx < 0)))) return false
    }
  return true
}
