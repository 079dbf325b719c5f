import type { MediaInfo } from '../media-info.ts'

/** How the sheet of small pictures is laid out. Pixels. */
export type ThumbnailPlan = {
  readonly tileWidth: number
  readonly tileHeight: number
  readonly columns: number
  readonly maxTiles: number
  /** Tiles are at least so far apart. */
  readonly stepSeconds: number
  /** Of the pictures that tiles and poster are made of: at most 640 each, never larger than the video. */
  readonly frameWidth: number
  readonly frameHeight: number
}

const TILE_WIDTH = 160
/** A portrait phone picture is 284 high; beyond this a tile would no longer be small. */
const MAX_TILE_HEIGHT = 320
const MIN_TILE_HEIGHT = 16
const COLUMNS = 10
const MAX_TILES = 100
const MIN_STEP_SECONDS = 1
const POSTER_WIDTH = 640

export const planThumbnails = (info: MediaInfo): ThumbnailPlan => {
  const still = posterSize(info)
  return {
    tileWidth: TILE_WIDTH,
    tileHeight: even(Math.min(MAX_TILE_HEIGHT, Math.max(MIN_TILE_HEIGHT, TILE_WIDTH / aspectOf(info)))),
    columns: COLUMNS,
    maxTiles: MAX_TILES,
    stepSeconds: Math.max(MIN_STEP_SECONDS, (info.durationSeconds ?? 0) / MAX_TILES),
    frameWidth: still.width,
    frameHeight: still.height,
  }
}

/** At most 640 wide and 640 high, never larger than the video. Pixels, even as JPEG's colours want them. */
const posterSize = (info: MediaInfo): { readonly width: number; readonly height: number } => {
  const aspect = aspectOf(info)
  const width = Math.min(POSTER_WIDTH, POSTER_WIDTH * aspect, info.width * Math.max(1, info.pixelAspect))
  return { width: even(width), height: even(width / aspect) }
}

/** Width over height as shown. */
const aspectOf = ({ width, height, pixelAspect }: MediaInfo): number => (width * pixelAspect) / height

const even = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2))
