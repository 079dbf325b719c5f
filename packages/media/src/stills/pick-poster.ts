import type { Tile } from './tile.ts'

const LEVELS = 256

/**
 * The picture with the most to see (the largest entropy of its brightness, on the scale of a tile) of the first half:
 * openings are often black or a logo, endings are credits. Undefined without pictures.
 */
export const pickPoster = (tiles: readonly Tile[]): Tile | undefined => {
  let best: { readonly tile: Tile; readonly entropy: number } | undefined
  for (const tile of tiles.slice(0, Math.ceil(tiles.length / 2))) {
    const entropy = entropyOf(tile.rgb)
    if (best === undefined || entropy > best.entropy) best = { tile, entropy }
  }
  return best?.tile
}

/** Bits a pixel, 0 (one shade) to 8. */
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
