import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { composeSprite, type Tile } from './compose-sprite.ts'
import type { ThumbnailPlan } from './plan-thumbnails.ts'
import { resizeToRgb } from './resize.ts'
import type { Thumbnails } from './thumbnail-collector.ts'

/** What stands in sprite.json: tile n is in column n % columns and row floor(n / columns). */
export type SpriteIndex = {
  readonly tileWidth: number
  readonly tileHeight: number
  readonly columns: number
  readonly rows: number
  /** Seconds of each tile from the presentation's start. */
  readonly times: readonly number[]
}

/** mozjpeg would save a sixth of the bytes for eight times the CPU. */
const JPEG = { quality: 78 } as const

/**
 * Writes `poster.jpg`, `sprite.jpg` and `sprite.json` into a folder, each whole or not at all, of pictures that came
 * with the decoding. Whatever fails is thrown as it is.
 *
 * @example
 * const plan = planThumbnails(info)
 * const { thumbnails } = await decode(tools, '/videos/a.mp4', { info, thumbnails: plan, onFrame })
 * await writeThumbnails(thumbnails, '/data/thumbnails/dv1', { plan })
 */
export const writeThumbnails = async (
  { tiles, poster }: Thumbnails,
  outDir: string,
  { plan }: { readonly plan: ThumbnailPlan },
): Promise<void> => {
  await mkdir(outDir, { recursive: true })
  const dir = await mkdtemp(join(outDir, '.thumbnails-'))
  try {
    if (poster === undefined) throw new Error('No picture came.')
    const { width, height } = poster
    await writeJpeg({ rgb: resizeToRgb(poster, poster), width, height }, join(dir, 'poster.jpg'))
    const index = await writeSprite(tiles, plan, join(dir, 'sprite.jpg'))
    await writeFile(join(dir, 'sprite.json'), `${JSON.stringify(index)}\n`)
    for (const name of ['poster.jpg', 'sprite.jpg', 'sprite.json'])
      await rename(join(dir, name), join(outDir, name))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const writeSprite = async (
  tiles: readonly Tile[],
  { tileWidth, tileHeight, columns }: ThumbnailPlan,
  output: string,
): Promise<SpriteIndex> => {
  const used = Math.min(columns, tiles.length)
  const sheet = composeSprite(tiles, { tileWidth, tileHeight, columns: used })
  await writeJpeg(sheet, output)
  const times = tiles.map(({ timeMs }) => timeMs / 1000)
  return { tileWidth, tileHeight, columns: used, rows: sheet.height / tileHeight, times }
}

type Picture = { readonly rgb: Uint8Array; readonly width: number; readonly height: number }

const writeJpeg = async ({ rgb, width, height }: Picture, output: string): Promise<void> => {
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg(JPEG)
    .toFile(output)
}
