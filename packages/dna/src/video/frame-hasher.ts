import { type BlackEdges, blackEdgesOf, picturesOf } from './bar-stretches.ts'
import { CUT_INTERVAL_MS, CUTS, windowOfCut } from './cuts.ts'
import { findPicture, WHOLE_FRAME } from './find-picture.ts'
import { frameEngine } from './frame-engine.ts'
import {
  addLines,
  emptyStatistics,
  type FrameStatistics,
  joinStatistics,
  measureLines,
} from './line-statistics.ts'
import type { FrameHash } from './pdq.ts'
import { rectanglesIn, rectangleViews, type View, viewsOf } from './query-views.ts'
import { FRAME_PIXELS, type Window } from './resample.ts'

/** Frames that wait together until their bars are known: three minutes at four a second, 27 MB. */
const CHUNK_FRAMES = 720
/** Frames for which memory is taken at a time, so that a short video takes little. */
const BLOCK_FRAMES = 48
/** Each time that so many more wait (two seconds), they are hashed by the bars seen until then. */
const AHEAD_FRAMES = 8

/** A hashed frame: its time and what there is to see in it. */
export type HashedFrame = FrameHash & { readonly timeMs: number }

/** How the views of a query are made: how often, and how wide the picture is for its height. */
export type QueryOptions = {
  readonly viewIntervalMs: number
  readonly aspect: number
  /**
   * The frames are keyframes, seconds apart: each stands for a scene and shows its bars by itself. Were they looked for
   * over eight, a passage with bars of its own would be hashed with them, and so unlike the same frames among others.
   */
  readonly sparse?: boolean
}

/** The hashes of one frame, and the bars by which they were made. */
type Hashed = {
  readonly picture: Window
  readonly frame: FrameHash
  readonly cuts: readonly View[]
  readonly views: readonly View[]
}

type Waiting = {
  readonly timeMs: number
  readonly edges: BlackEdges
  /** Whether it is one of the frames of which cuts, and views of a query, are made. */
  readonly withCuts: boolean
  readonly withViews: boolean
  hashed: Hashed | null
}

/**
 * Hashes frames with their black bars cut. Bars show themselves only over time, so the frames wait, as they came, in
 * chunks of three minutes; a chunk is cut by what was seen in it and in the chunk before it, and where the bars
 * change within it, each stretch by its own. Meanwhile they are hashed by what is seen so far, while the decoder is at
 * work, and once more where that was wrong. Memory is bounded whatever the length, and the result depends on nothing
 * but the frames.
 */
export class FrameHasher {
  readonly #onFrame: (frame: HashedFrame) => void
  readonly #onCut: (cut: number, frame: HashedFrame) => void
  readonly #query: QueryOptions | null
  #cutCell = -1
  #viewCell = -1
  #waiting: Waiting[] = []
  #ahead = 0
  #blocks: Uint8Array[] = []
  #statistics: FrameStatistics = emptyStatistics()
  #before: FrameStatistics = emptyStatistics()
  #picture: Window = WHOLE_FRAME
  #pictureFrames = 0

  /**
   * `onCut` is given the cuts of the picture (cuts.ts) every two seconds, by their numbers, and with `query` the views
   * that only a query has (query-views.ts) too.
   */
  constructor(
    onFrame: (frame: HashedFrame) => void,
    onCut: (cut: number, frame: HashedFrame) => void = () => undefined,
    query: QueryOptions | null = null,
  ) {
    this.#query = query
    this.#onFrame = onFrame
    this.#onCut = onCut
  }

  /** Takes a frame of 192x192 grey pixels, which may be changed afterwards. */
  push(timeMs: number, pixels: Uint8Array): void {
    const index = this.#waiting.length
    const block = Math.trunc(index / BLOCK_FRAMES)
    this.#blocks[block] ??= new Uint8Array(BLOCK_FRAMES * FRAME_PIXELS)
    this.#pixelsAt(index).set(pixels)
    const lines = measureLines(pixels)
    const edges = blackEdgesOf(lines)
    if (edges) addLines(this.#statistics, lines)
    const cutCell = Math.trunc(timeMs / CUT_INTERVAL_MS)
    const viewCell = this.#query ? Math.trunc(timeMs / this.#query.viewIntervalMs) : this.#viewCell
    const [withCuts, withViews] = [cutCell !== this.#cutCell, viewCell !== this.#viewCell]
    this.#cutCell = cutCell
    this.#viewCell = viewCell
    this.#waiting.push({ timeMs, edges, withCuts, withViews, hashed: null })
    if (this.#waiting.length === CHUNK_FRAMES) this.#hashChunk()
    else if (this.#waiting.length === this.#ahead + AHEAD_FRAMES) this.#hashAhead()
  }

  /** Hashes what still waits, and gives the picture of the chunk that had most frames. */
  finish(): Window {
    this.#hashChunk()
    this.#blocks = []
    return this.#picture
  }

  /** The frame's place in the store. */
  #pixelsAt(index: number): Uint8Array {
    const start = (index % BLOCK_FRAMES) * FRAME_PIXELS
    const block = this.#blocks[Math.trunc(index / BLOCK_FRAMES)] ?? new Uint8Array()
    return block.subarray(start, start + FRAME_PIXELS)
  }

  #pictureSoFar(): Window {
    return findPicture(joinStatistics(this.#before, this.#statistics))
  }

  #hashAhead(): void {
    const picture = this.#pictureSoFar()
    for (; this.#ahead < this.#waiting.length; this.#ahead++) {
      const waiting = this.#waiting[this.#ahead] as Waiting
      waiting.hashed = this.#hash(waiting, this.#ahead, picture)
    }
  }

  #hash({ withViews, withCuts }: Waiting, index: number, picture: Window): Hashed {
    frameEngine.take(this.#pixelsAt(index))
    return {
      picture,
      frame: frameEngine.hash(picture, { withDoubts: this.#query !== null }),
      views: this.#query && withViews ? viewsOf(picture, this.#query) : [],
      cuts: withCuts ? cutsOf(picture) : [],
    }
  }

  #hashChunk(): void {
    const whole = this.#pictureSoFar()
    const pictures = picturesOf(
      this.#waiting.map(({ edges }) => edges),
      whole,
      { pixelsAt: (index) => this.#pixelsAt(index), sparse: this.#query?.sparse ?? false },
    )
    const rectangles = this.#query ? rectanglesIn(this.#waiting.map((_, index) => this.#pixelsAt(index))) : []
    for (const [index, waiting] of this.#waiting.entries()) {
      const { timeMs, withViews, hashed } = waiting
      const picture = pictures[index] ?? whole
      const isRight = hashed !== null && isSame(hashed.picture, picture)
      const { frame, views, cuts } = isRight ? hashed : this.#hash(waiting, index, picture)
      this.#onFrame({ timeMs, ...frame })
      for (const { view, hash } of [...views, ...cuts]) this.#onCut(view, { timeMs, ...hash })
      if (!withViews || rectangles.length === 0) continue
      frameEngine.take(this.#pixelsAt(index))
      for (const { view, hash } of rectangleViews(rectangles)) this.#onCut(view, { timeMs, ...hash })
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

const isSame = (a: Window, b: Window): boolean =>
  a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom

/** The stored cuts of the frame that the engine has taken. */
const cutsOf = (picture: Window): View[] =>
  [...CUTS].map(([view, cut]) => ({
    view,
    hash: frameEngine.hash(windowOfCut(cut, picture), { withDoubts: false }),
  }))
