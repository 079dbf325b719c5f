import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadSharp } from '../load-sharp.ts'
import type { SpriteIndex } from '../thumbnails/write-thumbnails.ts'

const JPEG = { quality: 78 } as const

/** The thumbnails of a video, opened for reading. */
export type Sprite = {
  /** Seconds from each tile to the next on average. */
  readonly stepSeconds: number
  /** The tiles nearest to these times, in their order, as JPEG pictures. */
  tilesAt(times: readonly number[]): Promise<Buffer[]>
}

/** Opens the thumbnails in a folder. Null if there are none, or they cannot be read. */
export async function openSprite(folder: string): Promise<Sprite | null> {
  const index = await readIndex(folder)
  const [first] = index?.times ?? []
  if (index === null || first === undefined) return null
  const { times, tileWidth, tileHeight, columns } = index
  const stepSeconds = ((times.at(-1) ?? first) - first) / Math.max(1, times.length - 1)
  const sharp = await loadSharp()
  const cut = (at: number): Promise<Buffer> =>
    sharp(join(folder, 'sprite.jpg'))
      .extract({
        left: (at % columns) * tileWidth,
        top: Math.floor(at / columns) * tileHeight,
        width: tileWidth,
        height: tileHeight,
      })
      .jpeg(JPEG)
      .toBuffer()
  return { stepSeconds, tilesAt: (wanted) => Promise.all(wanted.map((time) => cut(nearest(times, time)))) }
}

async function readIndex(folder: string): Promise<SpriteIndex | null> {
  try {
    return JSON.parse(await readFile(join(folder, 'sprite.json'), 'utf8')) as SpriteIndex
  } catch {
    return null
  }
}

function nearest(times: readonly number[], wanted: number): number {
  let best = 0
  for (const [at, time] of times.entries())
    if (Math.abs(time - wanted) < Math.abs((times[best] ?? 0) - wanted)) best = at
  return best
}

/** How far each point of a blurred picture spreads, as a share of its width. */
const BLUR_SHARE = 0.06

/** Blurs a picture so far that it shows colours and shapes, but no detail. Returns a JPEG. */
export async function blurPicture(picture: Buffer): Promise<Buffer> {
  const sharp = await loadSharp()
  const { width } = await sharp(picture).metadata()
  return sharp(picture)
    .blur(Math.max(1, BLUR_SHARE * width))
    .jpeg(JPEG)
    .toBuffer()
}

/** Joins pictures of equal size side by side into one JPEG. Throws if there are none. */
export async function joinPictures(pictures: readonly Buffer[]): Promise<Buffer> {
  const [first] = pictures
  if (first === undefined) throw new Error('A film strip needs at least one picture.')
  const sharp = await loadSharp()
  const { width, height } = await sharp(first).metadata()
  const canvas = { width: width * pictures.length, height, channels: 3 as const, background: '#000' }
  return sharp({ create: canvas })
    .composite(pictures.map((input, at) => ({ input, left: at * width, top: 0 })))
    .jpeg(JPEG)
    .toBuffer()
}
