import sharp from 'sharp'
import type { Still } from './render-stills.ts'

/** Tiles that are looked at: openings are often black or a logo, endings are credits. */
const LOOKED_AT = 16

/** Time of the tile with the most to see (the largest entropy) in the first half; undefined without tiles. */
export const pickPoster = async (tiles: readonly Still[]): Promise<number | undefined> => {
  const half = tiles.slice(0, Math.ceil(tiles.length / 2))
  const every = Math.ceil(half.length / LOOKED_AT)
  let best: { readonly timeMs: number; readonly entropy: number } | undefined
  for (let i = 0; i < half.length; i += every) {
    const tile = half[i]
    if (tile === undefined) continue
    const { entropy } = await sharp(tile.path).stats()
    if (best === undefined || entropy > best.entropy) best = { timeMs: tile.timeMs, entropy }
  }
  return best?.timeMs
}
