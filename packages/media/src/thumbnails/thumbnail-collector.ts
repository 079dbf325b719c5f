import type { Tile } from './compose-sprite.ts'
import type { ThumbnailPlan } from './plan-thumbnails.ts'
import { type Planes, resizeToRgb } from './resize.ts'

const LEVELS = 256

/** The frames that were kept for thumbnails. */
export type Thumbnails = {
  readonly tiles: readonly Tile[]
  /** The frame with the highest entropy in the first half. Openings are often black or a logo, endings are credits. */
  readonly poster: Planes | undefined
}

type Candidate = { readonly number: number; readonly entropy: number; readonly picture: Planes }

/**
 * Makes a tile of each frame as it arrives, and keeps the frames with more entropy than all before them. The poster is
 * one of these, but which one is known only at the end.
 */
export class ThumbnailCollector {
  readonly #plan: ThumbnailPlan
  readonly #tiles: Tile[] = []
  readonly #candidates: Candidate[] = []

  constructor(plan: ThumbnailPlan) {
    this.#plan = plan
  }

  /** Takes a frame of the planned size as planar YUV 4:2:0. The caller may overwrite its bytes afterwards. */
  push(timeMs: number, bytes: Uint8Array): void {
    const { tileWidth, tileHeight, frameWidth, frameHeight } = this.#plan
    const size = { width: frameWidth, height: frameHeight }
    const rgb = resizeToRgb({ ...size, bytes }, { width: tileWidth, height: tileHeight })
    const entropy = entropyOf(rgb)
    const best = this.#candidates.at(-1)
    if (best === undefined || entropy > best.entropy)
      this.#candidates.push({
        number: this.#tiles.length,
        entropy,
        picture: { ...size, bytes: bytes.slice() },
      })
    this.#tiles.push({ timeMs, rgb })
  }

  end(): Thumbnails {
    const half = Math.ceil(this.#tiles.length / 2)
    const poster = this.#candidates.findLast(({ number }) => number < half)?.picture
    return { tiles: this.#tiles, poster }
  }
}

/** Entropy of a tile's luma, in bits per pixel: 0 (one shade) to 8. */
function entropyOf(rgb: Uint8Array): number {
  const counts = new Uint32Array(LEVELS)
  const pixels = Math.trunc(rgb.length / 3)
  for (let at = 0; at < 3 * pixels; at += 3) {
    // Weights of BT.601 in 256ths.
    const luma =
      (77 * (rgb[at] as number) + 150 * (rgb[at + 1] as number) + 29 * (rgb[at + 2] as number)) >> 8
    counts[luma] = (counts[luma] as number) + 1
  }
  let entropy = 0
  for (const count of counts) if (count > 0) entropy -= (count / pixels) * Math.log2(count / pixels)
  return entropy
}
