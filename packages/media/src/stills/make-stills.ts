import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/contract'
import sharp from 'sharp'
import type { MediaInfo } from '../media-info.ts'
import { lastWords, refusal } from '../probe/refusal.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { pickPoster } from './pick-poster.ts'
import { renderPoster, renderTiles, type Still } from './render-stills.ts'
import { planTiles, posterSize, type TilePlan } from './tile-plan.ts'

export type StillsOptions = {
  readonly info: MediaInfo
  readonly signal?: AbortSignal | undefined
  /** For each of the two runs of ffmpeg. */
  readonly timeoutMs?: number | undefined
}

/** Paths of what was written. */
export type Stills = { readonly poster: string; readonly sprite: string; readonly spriteIndex: string }

/** What stands in sprite.json: tile n is in column n % columns and row floor(n / columns). */
export type SpriteIndex = {
  readonly tileWidth: number
  readonly tileHeight: number
  readonly columns: number
  readonly rows: number
  /** Seconds of each tile from the presentation's start. */
  readonly times: readonly number[]
}

/** Keyframes of half an hour take seconds; a codec without skipping, at 4K on a busy machine, minutes. */
const STILLS_TIMEOUT_MS = 10 * 60_000
const JPEG = { quality: 78, mozjpeg: true } as const

/**
 * Writes `poster.jpg`, `sprite.jpg` and `sprite.json` into a folder, each whole or not at all. Only keyframes
 * are decoded.
 *
 * @example const { poster } = await makeStills(tools, '/videos/a.mp4', '/data/stills/dv1', { info })
 */
export const makeStills = async (
  tools: Tools,
  path: string,
  outDir: string,
  { info, signal, timeoutMs = STILLS_TIMEOUT_MS }: StillsOptions,
): Promise<Stills> => {
  await mkdir(outDir, { recursive: true })
  const dir = await mkdtemp(join(outDir, '.stills-'))
  try {
    const plan = planTiles(info)
    const tiles = await renderTiles(tools, path, { info, dir, plan, signal, timeoutMs })
    const timeMs = await pickPoster(tiles)
    if (timeMs === undefined) throw new Error('No picture came.')
    const picture = await renderPoster(tools, path, {
      info,
      dir,
      timeMs,
      size: posterSize(info),
      signal,
      timeoutMs,
    })
    await sharp(picture).jpeg(JPEG).toFile(join(dir, 'poster.jpg'))
    const index = await composeSprite(tiles, plan, join(dir, 'sprite.jpg'))
    await writeFile(join(dir, 'sprite.json'), `${JSON.stringify(index)}\n`)
    for (const name of ['poster.jpg', 'sprite.jpg', 'sprite.json'])
      await rename(join(dir, name), join(outDir, name))
  } catch (cause) {
    if (signal?.aborted) throw new Fault('Cancelled', 'The job was stopped.', { cause })
    const words = lastWords(cause instanceof Error ? cause.message : String(cause))
    throw refusal(`No stills could be taken (${words}).`, 'Write the file anew, as H.264 in MP4.', cause)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
  return {
    poster: join(outDir, 'poster.jpg'),
    sprite: join(outDir, 'sprite.jpg'),
    spriteIndex: join(outDir, 'sprite.json'),
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
  const placed = tiles.map(({ path }, i) => ({
    input: path,
    left: (i % used) * tileWidth,
    top: Math.floor(i / used) * tileHeight,
  }))
  await sharp({ create: sheet }).composite(placed).jpeg(JPEG).toFile(output)
  return { tileWidth, tileHeight, columns: used, rows, times: tiles.map(({ timeMs }) => timeMs / 1000) }
}
