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
import { QueryViews } from './query-views.ts'
import { FRAME_SIDE, type Window } from './resample.ts'

const FRAME_PIXELS = FRAME_SIDE * FRAME_SIDE

/** Frames that wait together until their bars are known: three minutes at four a second, 27 MB. */
const CHUNK_FRAMES = 720
/** Frames for which memory is taken at a time, so that a short video takes little. */
const BLOCK_FRAMES = 48

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

/**
 * Hashes frames with their black bars cut. Bars show themselves only over time, so the frames wait, as they came, in
 * chunks of three minutes; a chunk is cut by what was seen in it and in the chunk before it, and where the bars
 * change within it, each stretch by its own. Memory is bounded whatever the length, and the result depends on
 * nothing but the frames.
 */
export class FrameHasher {
  readonly #onFrame: (frame: HashedFrame) => void
  readonly #onCut: (cut: number, frame: HashedFrame) => void
  readonly #query: QueryOptions | null
  #cutCell = -1
  #viewCell = -1
  readonly #times: number[] = []
  readonly #edges: BlackEdges[] = []
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
    const index = this.#times.length
    const block = Math.trunc(index / BLOCK_FRAMES)
    this.#blocks[block] ??= new Uint8Array(BLOCK_FRAMES * FRAME_PIXELS)
    this.#pixelsAt(index).set(pixels)
    const lines = measureLines(pixels)
    const edges = blackEdgesOf(lines)
    if (edges) addLines(this.#statistics, lines)
    this.#times.push(timeMs)
    this.#edges.push(edges)
    if (this.#times.length === CHUNK_FRAMES) this.#hashChunk()
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

  #hashChunk(): void {
    const whole = findPicture(joinStatistics(this.#before, this.#statistics))
    const pictures = picturesOf(this.#edges, whole, {
      pixelsAt: (index) => this.#pixelsAt(index),
      sparse: this.#query?.sparse ?? false,
    })
    const frames = this.#times.map((_, index) => this.#pixelsAt(index))
    const views = this.#query && new QueryViews(frames, this.#query)
    for (const [index, timeMs] of this.#times.entries()) {
      frameEngine.take(this.#pixelsAt(index))
      const picture = pictures[index] ?? whole
      this.#onFrame({ timeMs, ...frameEngine.hash(picture, { withDoubts: this.#query !== null }) })
      if (this.#query && views) {
        const viewCell = Math.trunc(timeMs / this.#query.viewIntervalMs)
        if (viewCell !== this.#viewCell)
          views.hash(picture, (view, hash) => this.#onCut(view, { timeMs, ...hash }))
        this.#viewCell = viewCell
      }
      const cell = Math.trunc(timeMs / CUT_INTERVAL_MS)
      if (cell === this.#cutCell) continue
      this.#cutCell = cell
      for (const [number, cut] of CUTS) {
        const window = windowOfCut(cut, picture)
        this.#onCut(number, { timeMs, ...frameEngine.hash(window, { withDoubts: false }) })
      }
    }
    if (this.#times.length > this.#pictureFrames) {
      this.#picture = whole
      this.#pictureFrames = this.#times.length
    }
    this.#before = this.#statistics
    this.#statistics = emptyStatistics()
    this.#times.length = 0
    this.#edges.length = 0
  }
}
