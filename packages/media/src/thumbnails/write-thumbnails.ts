import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadSharp } from '../load-sharp.ts'
import { composeSprite, type Tile } from './compose-sprite.ts'
import type { ThumbnailPlan } from './plan-thumbnails.ts'
import { resizeToRgb } from './resize.ts'
import type { Thumbnails } from './thumbnail-collector.ts'

/** Content of sprite.json. Tile n is in column n % columns and row floor(n / columns). */
export type SpriteIndex = {
  readonly tileWidth: number
  readonly tileHeight: number
  readonly columns: number
  readonly rows: number
  /** Seconds of each tile from the start of the presentation. */
  readonly times: readonly number[]
}

/** mozjpeg would save a sixth of the bytes for eight times the CPU time. */
const JPEG = { quality: 78 } as const

/**
 * Writes `poster.jpg`, `sprite.jpg` and `sprite.json` into a folder, which is created if missing. Each file is written
 * completely or not at all. Throws if no frame was collected; errors of the file system are rethrown unchanged.
 *
 * @example
 * const plan = planThumbnails(info)
 * const { thumbnails } = await decode(tools, '/videos/a.mp4', { info, thumbnails: plan, onFrame })
 * await writeThumbnails(thumbnails, '/data/thumbnails/dv1', { plan })
 */
export async function writeThumbnails(
  { tiles, poster }: Thumbnails,
  folder: string,
  { plan }: { readonly plan: ThumbnailPlan },
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const temporaryDir = await mkdtemp(join(folder, '.thumbnails-'))
  try {
    if (poster === undefined) throw new Error('No frame was collected for thumbnails.')
    const { width, height } = poster
    await writeJpeg({ rgb: resizeToRgb(poster, poster), width, height }, join(temporaryDir, 'poster.jpg'))
    const index = await writeSprite(tiles, plan, join(temporaryDir, 'sprite.jpg'))
    await writeFile(join(temporaryDir, 'sprite.json'), `${JSON.stringify(index)}\n`)
    for (const name of ['poster.jpg', 'sprite.jpg', 'sprite.json'])
      await rename(join(temporaryDir, name), join(folder, name))
  } finally {
    await rm(temporaryDir, { recursive: true, force: true })
  }
}

async function writeSprite(
  tiles: readonly Tile[],
  { tileWidth, tileHeight, columns }: ThumbnailPlan,
  output: string,
): Promise<SpriteIndex> {
  const used = Math.min(columns, tiles.length)
  const sprite = composeSprite(tiles, { tileWidth, tileHeight, columns: used })
  await writeJpeg(sprite, output)
  const times = tiles.map(({ timeMs }) => timeMs / 1000)
  return { tileWidth, tileHeight, columns: used, rows: sprite.height / tileHeight, times }
}

type Picture = { readonly rgb: Uint8Array; readonly width: number; readonly height: number }

async function writeJpeg({ rgb, width, height }: Picture, output: string): Promise<void> {
  const sharp = await loadSharp()
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg(JPEG)
    .toFile(output)
}
