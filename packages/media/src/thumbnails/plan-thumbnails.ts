import type { MediaInfo } from '../media-info.ts'

/** Layout of the sprite sheet and of the frames it is made from. In pixels, all even. */
export type ThumbnailPlan = {
  readonly tileWidth: number
  readonly tileHeight: number
  readonly columns: number
  readonly maxTiles: number
  /** Minimum time between two tiles. */
  readonly stepSeconds: number
  /**
   * Size of the frames that tiles and poster are made from: at most 640 pixels per side, never larger than the video.
   */
  readonly frameWidth: number
  readonly frameHeight: number
}

const TILE_WIDTH = 160
/** Maximum tile height. A portrait phone video gives tiles 284 high; a higher tile would no longer be small. */
const MAX_TILE_HEIGHT = 320
const MIN_TILE_HEIGHT = 16
const COLUMNS = 10
const MAX_TILES = 100
const MIN_STEP_SECONDS = 1
const POSTER_SIDE = 640

/** Plans a poster of up to 640x640 and up to 100 tiles, 160 wide, at least 1 s apart. */
export function planThumbnails(info: MediaInfo): ThumbnailPlan {
  const { width, height } = posterSize(info)
  return {
    tileWidth: TILE_WIDTH,
    tileHeight: even(Math.min(MAX_TILE_HEIGHT, Math.max(MIN_TILE_HEIGHT, TILE_WIDTH / aspectOf(info)))),
    columns: COLUMNS,
    maxTiles: MAX_TILES,
    stepSeconds: Math.max(MIN_STEP_SECONDS, (info.durationSeconds ?? 0) / MAX_TILES),
    frameWidth: width,
    frameHeight: height,
  }
}

function posterSize(info: MediaInfo): { readonly width: number; readonly height: number } {
  const aspect = aspectOf(info)
  const width = Math.min(POSTER_SIDE, POSTER_SIDE * aspect, info.width * Math.max(1, info.pixelAspect))
  return { width: even(width), height: even(width / aspect) }
}

/** Width over height as displayed. */
export function aspectOf({ width, height, pixelAspect }: MediaInfo): number {
  return (width * pixelAspect) / height
}

/** YUV 4:2:0 needs even sizes. */
export function even(pixels: number): number {
  return Math.max(2, 2 * Math.round(pixels / 2))
}
