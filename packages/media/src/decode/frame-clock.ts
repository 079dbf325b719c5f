import { FramecrcReader } from '../run/framecrc-reader.ts'

/**
 * Frames whose time has not been read yet. ffmpeg writes the time right after its frame, so only what one
 * turn of the event loop reads ahead piles up: 2 MB, 57 frames. More means that the two have come apart.
 */
const MAX_WAITING = 512

/** Joins the n-th frame with the n-th time. Times come as framecrc lines. */
export class FrameClock {
  frames = 0
  firstMs = 0
  lastMs = 0
  readonly #onFrame: (timeMs: number, gray: Uint8Array) => void
  readonly #waitingFrames: Uint8Array[] = []
  readonly #waitingTimes: number[] = []
  readonly #times = new FramecrcReader()

  constructor(onFrame: (timeMs: number, gray: Uint8Array) => void) {
    this.#onFrame = onFrame
  }

  pushFrame(gray: Uint8Array): void {
    this.#waitingFrames.push(gray)
    if (this.#waitingFrames.length > MAX_WAITING) throw new Error('Frames come without their times.')
    this.#join()
  }

  pushTimes(chunk: Buffer): void {
    this.#waitingTimes.push(...this.#times.read(chunk))
    this.#join()
  }

  #join(): void {
    while (this.#waitingFrames.length > 0 && this.#waitingTimes.length > 0) {
      const gray = this.#waitingFrames.shift()
      const timeMs = this.#waitingTimes.shift()
      if (gray === undefined || timeMs === undefined) return
      if (this.frames === 0) this.firstMs = timeMs
      this.frames += 1
      this.lastMs = timeMs
      this.#onFrame(timeMs, gray)
    }
  }
}
