import { FRAME_PIXELS } from './rect.ts'

/** Some frames of a query, to hash parts of them that only a reference determines. */
export type KeptFrames = {
  /** Time between the frames in milliseconds. */
  readonly intervalMs: number
  readonly timeMs: Uint32Array
  /** 192x192 grey pixels of each frame, one frame after another. */
  readonly pixels: Uint8Array
}

/** Motion is measured over a second, so a frame every half second is enough. */
const INTERVAL_MS = 500
/** Limits memory to 11 MB: beyond two and a half minutes, the frames are further apart. */
const MAX_FRAMES = 300

type Frame = { readonly timeMs: number; readonly pixels: Uint8Array }

/** Keeps one frame of each interval. The interval is doubled each time there are too many frames. */
export class FrameKeeper {
  #intervalMs = INTERVAL_MS
  #frames: Frame[] = []

  /** Adds the next frame of 192x192 grey pixels, which are copied. Times must increase. */
  push(timeMs: number, pixels: Uint8Array): void {
    if (!this.#isFirst(timeMs, this.#frames.at(-1))) return
    this.#frames.push({ timeMs, pixels: pixels.slice() })
    if (this.#frames.length <= MAX_FRAMES) return
    this.#intervalMs *= 2
    this.#frames = this.#frames.filter(({ timeMs }, i) => this.#isFirst(timeMs, this.#frames[i - 1]))
  }

  frames(): KeptFrames {
    const pixels = new Uint8Array(this.#frames.length * FRAME_PIXELS)
    for (const [i, frame] of this.#frames.entries()) pixels.set(frame.pixels, i * FRAME_PIXELS)
    return {
      intervalMs: this.#intervalMs,
      timeMs: Uint32Array.from(this.#frames, ({ timeMs }) => timeMs),
      pixels,
    }
  }

  /** Whether a frame is the first one of its interval. */
  #isFirst(timeMs: number, before: Frame | undefined): boolean {
    const cellOf = (ms: number) => Math.trunc(ms / this.#intervalMs)
    return before === undefined || cellOf(timeMs) !== cellOf(before.timeMs)
  }
}
