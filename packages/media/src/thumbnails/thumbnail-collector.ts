import type { Tile } from './compose-sprite.ts'
import type { ThumbnailPlan } from './plan-thumbnails.ts'
import { type Planes, resizeToRgb } from './resize.ts'

const LEVELS = 256

/** What was kept of the pictures that came with the decoding. */
export type Thumbnails = {
  readonly tiles: readonly Tile[]
  /** The picture with the most to see of the first half: openings are often black or a logo, endings are credits. */
  readonly poster: Planes | undefined
}

type Candidate = { readonly number: number; readonly entropy: number; readonly picture: Planes }

/**
 * Makes a tile of each picture as it comes, and keeps those that show more than all before them: one of these is the
 * poster, the end tells which.
 */
export class ThumbnailCollector {
  readonly #plan: ThumbnailPlan
  readonly #tiles: Tile[] = []
  readonly #candidates: Candidate[] = []

  constructor(plan: ThumbnailPlan) {
    this.#plan = plan
  }

  /** Takes a picture of the planned size as JPEG's planes; its bytes may be changed afterwards. */
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

/** Of a tile's brightness: bits a pixel, 0 (one shade) to 8. */
const entropyOf = (rgb: Uint8Array): number => {
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
