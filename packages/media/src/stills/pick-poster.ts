import sharp from 'sharp'
import type { Still } from './still-reader.ts'

/** Tiles that are looked at: openings are often black or a logo, endings are credits. */
const LOOKED_AT = 16

/** The picture with the most to see (the largest entropy) of the first half; undefined without pictures. */
export const pickPoster = async (tiles: readonly Still[]): Promise<Still | undefined> => {
  const half = tiles.slice(0, Math.ceil(tiles.length / 2))
  const every = Math.ceil(half.length / LOOKED_AT)
  let best: { readonly still: Still; readonly entropy: number } | undefined
  for (let i = 0; i < half.length; i += every) {
    const tile = half[i]
    if (tile === undefined) continue
    const { entropy } = await sharp(tile.jpeg).stats()
    if (best === undefined || entropy > best.entropy) best = { still: tile, entropy }
  }
  return best?.still
}
