import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type OverlayOptions } from 'sharp'
import { pickPoster } from './pick-poster.ts'
import type { Still } from './still-reader.ts'
import type { TilePlan } from './tile-plan.ts'

/** What stands in sprite.json: tile n is in column n % columns and row floor(n / columns). */
export type SpriteIndex = {
  readonly tileWidth: number
  readonly tileHeight: number
  readonly columns: number
  readonly rows: number
  /** Seconds of each tile from the presentation's start. */
  readonly times: readonly number[]
}

const JPEG = { quality: 78, mozjpeg: true } as const

/**
 * Writes `poster.jpg`, `sprite.jpg` and `sprite.json` into a folder, each whole or not at all, of pictures that came
 * with the decoding. Whatever fails is thrown as it is.
 *
 * @example
 * const plan = planTiles(info)
 * const { stills } = await decode(tools, '/videos/a.mp4', { info, stills: plan, onFrame })
 * await makeStills(stills, '/data/stills/dv1', { plan })
 */
export const makeStills = async (
  stills: readonly Still[],
  outDir: string,
  { plan }: { readonly plan: TilePlan },
): Promise<void> => {
  await mkdir(outDir, { recursive: true })
  const dir = await mkdtemp(join(outDir, '.stills-'))
  try {
    const poster = await pickPoster(stills)
    if (poster === undefined) throw new Error('No picture came.')
    await sharp(poster.jpeg).jpeg(JPEG).toFile(join(dir, 'poster.jpg'))
    const index = await composeSprite(stills, plan, join(dir, 'sprite.jpg'))
    await writeFile(join(dir, 'sprite.json'), `${JSON.stringify(index)}\n`)
    for (const name of ['poster.jpg', 'sprite.jpg', 'sprite.json'])
      await rename(join(dir, name), join(outDir, name))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const composeSprite = async (
  tiles: readonly Still[],
  { tileWidth, tileHeight, columns }: TilePlan,
  output: string,
): Promise<SpriteIndex> => {
  const used = Math.min(columns, tiles.length)
  const rows = Math.ceil(tiles.length / used)
  const background = { r: 0, g: 0, b: 0 }
  const sheet = { width: used * tileWidth, height: rows * tileHeight, channels: 3 as const, background }
  const placed: OverlayOptions[] = []
  for (const [i, { jpeg }] of tiles.entries()) {
    const { data, info } = await sharp(jpeg)
      .resize(tileWidth, tileHeight, { fit: 'fill' })
      .raw()
      .toBuffer({ resolveWithObject: true })
    const raw = { width: info.width, height: info.height, channels: info.channels }
    placed.push({ input: data, raw, left: (i % used) * tileWidth, top: Math.floor(i / used) * tileHeight })
  }
  await sharp({ create: sheet }).composite(placed).jpeg(JPEG).toFile(output)
  return { tileWidth, tileHeight, columns: used, rows, times: tiles.map(({ timeMs }) => timeMs / 1000) }
}
