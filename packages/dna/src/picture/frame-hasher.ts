import type { FrameHash } from '../hash/pdq.ts'
import { findActivePicture } from './active-picture.ts'
import { CROP_INTERVAL_MS, type Crop, cropRect, STORED_CROPS } from './crops.ts'
import { frameEngine } from './frame-engine.ts'
import { activePicturesOf, type BlackEdges, blackEdgesOf } from './letterbox-segments.ts'
import {
  addLines,
  emptyStatistics,
  type FrameStatistics,
  joinStatistics,
  measureLines,
} from './line-statistics.ts'
import {
  type HashedView,
  hashDetectedViews,
  hashQueryViews,
  hashWindows,
  isWindow,
  ViewDetector,
} from './query-views.ts'
import { FRAME_PIXELS, isSameRect, type Rect, WHOLE_FRAME } from './rect.ts'

/** Frames that wait together until their letterbox is known: three minutes at four per second, 27 MB. */
const CHUNK_FRAMES = 720
/** Frames allocated at a time, so that a short video takes little memory. */
const BLOCK_FRAMES = 48
/** Each time this many further frames wait (two seconds), they are hashed with the letterbox seen so far. */
const AHEAD_FRAMES = 8

/** A frame hash and the time of the frame. */
export type HashedFrame = FrameHash & { readonly timeMs: number }

/** How the views of a query are generated. */
export type QueryOptions = {
  /** Time between frames whose views are hashed, in milliseconds. */
  readonly viewIntervalMs: number
  /** Width over height of the picture as displayed. */
  readonly aspect: number
  /**
   * Whether the frames are seconds apart, so that each represents a scene and its letterbox is judged separately.
   * Judged over eight such frames, a scene with its own letterbox would keep it, and its hashes would differ from those
   * of the same frames among others.
   */
  readonly sparse?: boolean
}

/**
 * Shortest time between frames whose windows are hashed: there are more windows than other views, and the time of a
 * segment depends little on it.
 */
const WINDOW_INTERVAL_MS = 500

/** Time between frames whose windows are hashed, in milliseconds. */
export function windowIntervalMs({ viewIntervalMs }: Pick<QueryOptions, 'viewIntervalMs'>): number {
  return Math.max(viewIntervalMs, WINDOW_INTERVAL_MS)
}

/** The hashes of one frame, and the active picture they were computed from. */
type Hashes = {
  readonly picture: Rect
  readonly frame: FrameHash
  readonly crops: readonly HashedView[]
  readonly views: readonly HashedView[]
}

type WaitingFrame = {
  readonly timeMs: number
  readonly edges: BlackEdges
  /** Whether crops, and views of a query, are generated from this frame. */
  readonly withCrops: boolean
  readonly withViews: boolean
  readonly withWindows: boolean
  hashes: Hashes | null
}

type Listeners = {
  readonly onFrame: (frame: HashedFrame) => void
  /** Called for each crop and view of a frame. */
  readonly onView?: (view: HashedView, timeMs: number) => void
  /** Called for each frame with its pixels, valid until it returns, and its active picture. */
  readonly onPixels?: (timeMs: number, pixels: Uint8Array, picture: Rect) => void
  /** Also generates the views that only a query has. */
  readonly query?: QueryOptions | undefined
  /** As in QueryOptions, for a video that is stored. */
  readonly sparse?: boolean
  /** The stored crops to hash, and the time between frames in which they are hashed, in milliseconds. */
  readonly crops?: ReadonlyMap<number, Crop>
  readonly cropIntervalMs?: number
}

/**
 * Hashes frames without their letterbox. A letterbox is recognisable only over time, so frames wait in chunks of three
 * minutes. A chunk is cropped by what was seen in it and in the chunk before; if the letterbox changes within it, each
 * segment is cropped separately. While the decoder works, waiting frames are hashed with the letterbox seen so far, and
 * hashed again if that was wrong. Memory is bounded for any length, and the result depends only on the frames.
 */
export class FrameHasher {
  readonly #onFrame: (frame: HashedFrame) => void
  readonly #onView: (view: HashedView, timeMs: number) => void
  readonly #onPixels: NonNullable<Listeners['onPixels']>
  readonly #query: QueryOptions | null
  readonly #sparse: boolean
  readonly #crops: ReadonlyMap<number, Crop>
  readonly #cropIntervalMs: number
  readonly #detector: ViewDetector | null
  #cropCell = -1
  #viewCell = -1
  #windowCell = -1
  #waiting: WaitingFrame[] = []
  #ahead = 0
  #blocks: Uint8Array[] = []
  #statistics: FrameStatistics = emptyStatistics()
  #before: FrameStatistics = emptyStatistics()
  #picture: Rect = WHOLE_FRAME
  #pictureFrames = 0

  constructor({
    onFrame,
    onView = () => undefined,
    onPixels = () => undefined,
    query,
    sparse = query?.sparse ?? false,
    crops = STORED_CROPS,
    cropIntervalMs = CROP_INTERVAL_MS,
  }: Listeners) {
    this.#onFrame = onFrame
    this.#onView = onView
    this.#onPixels = onPixels
    this.#query = query ?? null
    this.#sparse = sparse
    this.#crops = crops
    this.#cropIntervalMs = cropIntervalMs
    this.#detector = query ? new ViewDetector(query) : null
  }

  /** Adds a frame of 192x192 grey pixels. They are copied. */
  push(timeMs: number, pixels: Uint8Array): void {
    const index = this.#waiting.length
    const block = Math.trunc(index / BLOCK_FRAMES)
    this.#blocks[block] ??= new Uint8Array(BLOCK_FRAMES * FRAME_PIXELS)
    this.#pixelsAt(index).set(pixels)
    const lines = measureLines(pixels)
    const edges = blackEdgesOf(lines)
    if (edges) addLines(this.#statistics, lines)
    const cropCell = Math.trunc(timeMs / this.#cropIntervalMs)
    const viewCell = this.#query ? Math.trunc(timeMs / this.#query.viewIntervalMs) : this.#viewCell
    const windowCell = this.#query ? Math.trunc(timeMs / windowIntervalMs(this.#query)) : this.#windowCell
    const [withCrops, withViews] = [cropCell !== this.#cropCell, viewCell !== this.#viewCell]
    const withWindows = windowCell !== this.#windowCell
    this.#cropCell = cropCell
    this.#viewCell = viewCell
    this.#windowCell = windowCell
    this.#waiting.push({ timeMs, edges, withCrops, withViews, withWindows, hashes: null })
    if (this.#waiting.length === CHUNK_FRAMES) this.#hashChunk()
    else if (this.#waiting.length === this.#ahead + AHEAD_FRAMES) this.#hashAhead()
  }

  /** Hashes the frames that are still waiting. Returns the active picture of the chunk with the most frames. */
  finish(): Rect {
    this.#hashChunk()
    this.#blocks = []
    return this.#picture
  }

  /** The pixels of a waiting frame. */
  #pixelsAt(index: number): Uint8Array {
    const start = (index % BLOCK_FRAMES) * FRAME_PIXELS
    const block = this.#blocks[Math.trunc(index / BLOCK_FRAMES)] ?? new Uint8Array()
    return block.subarray(start, start + FRAME_PIXELS)
  }

  #pictureSoFar(): Rect {
    return findActivePicture(joinStatistics(this.#before, this.#statistics))
  }

  #hashAhead(): void {
    const picture = this.#pictureSoFar()
    for (; this.#ahead < this.#waiting.length; this.#ahead++) {
      const waiting = this.#waiting[this.#ahead] as WaitingFrame
      waiting.hashes = this.#hash(waiting, this.#ahead, picture)
    }
  }

  #hash({ withViews, withWindows, withCrops }: WaitingFrame, index: number, picture: Rect): Hashes {
    frameEngine.load(this.#pixelsAt(index))
    return {
      picture,
      frame: frameEngine.hash(picture, { withBitErrorRates: this.#query !== null }),
      views: [
        ...(this.#query && withViews ? hashQueryViews(picture, this.#query) : []),
        ...(withWindows ? hashWindows(picture) : []),
      ],
      crops: withCrops ? hashCrops(this.#crops, picture) : [],
    }
  }

  #hashChunk(): void {
    const whole = this.#pictureSoFar()
    const pictures = activePicturesOf(
      this.#waiting.map(({ edges }) => edges),
      whole,
      { pixelsAt: (index) => this.#pixelsAt(index), sparse: this.#sparse },
    )
    const detected = this.#detector?.detect(this.#waiting.map((_, index) => this.#pixelsAt(index))) ?? []
    for (const [index, waiting] of this.#waiting.entries()) {
      const { timeMs, withViews, withWindows, hashes } = waiting
      const picture = pictures[index] ?? whole
      const isValid = hashes !== null && isSameRect(hashes.picture, picture)
      const { frame, views, crops } = isValid ? hashes : this.#hash(waiting, index, picture)
      this.#onFrame({ timeMs, ...frame })
      this.#onPixels(timeMs, this.#pixelsAt(index), picture)
      for (const view of [...views, ...crops]) this.#onView(view, timeMs)
      const shown = detected.filter(({ viewId }) => (isWindow(viewId) ? withWindows : withViews))
      if (shown.length === 0) continue
      frameEngine.load(this.#pixelsAt(index))
      for (const view of hashDetectedViews(shown)) this.#onView(view, timeMs)
    }
    if (this.#waiting.length > this.#pictureFrames) {
      this.#picture = whole
      this.#pictureFrames = this.#waiting.length
    }
    this.#before = this.#statistics
    this.#statistics = emptyStatistics()
    this.#waiting = []
    this.#ahead = 0
  }
}

/** Hashes crops of the frame loaded in the engine. */
function hashCrops(crops: ReadonlyMap<number, Crop>, picture: Rect): HashedView[] {
  return [...crops].map(([viewId, crop]) => ({
    viewId,
    hash: frameEngine.hash(cropRect(crop, picture), { withBitErrorRates: false }),
  }))
}
