import { FramecrcReader } from '../process/framecrc-reader.ts'

/**
 * Maximum number of frames that wait for their timestamps. ffmpeg writes a timestamp right after its frame, so only the
 * data read in one turn of the event loop accumulates: 2 MB, 57 frames. More means that the two streams no longer
 * match.
 */
const MAX_WAITING = 512

/** Pairs the n-th frame with the n-th timestamp, which arrives as a framecrc line. */
export class FrameClock {
  frames = 0
  firstMs = 0
  lastMs = 0
  readonly #onFrame: (timeMs: number, frame: Uint8Array) => void
  readonly #waitingFrames: Uint8Array[] = []
  readonly #waitingTimes: number[] = []
  readonly #times = new FramecrcReader()

  constructor(onFrame: (timeMs: number, frame: Uint8Array) => void) {
    this.#onFrame = onFrame
  }

  pushFrame(frame: Uint8Array): void {
    this.#waitingFrames.push(frame)
    if (this.#waitingFrames.length > MAX_WAITING) throw new Error('Frames arrive without their timestamps.')
    this.#join()
  }

  pushTimes(chunk: Buffer): void {
    this.#waitingTimes.push(...this.#times.readTimes(chunk))
    this.#join()
  }

  #join(): void {
    while (this.#waitingFrames.length > 0 && this.#waitingTimes.length > 0) {
      const frame = this.#waitingFrames.shift()
      const timeMs = this.#waitingTimes.shift()
      if (frame === undefined || timeMs === undefined) return
      if (this.frames === 0) this.firstMs = timeMs
      this.frames += 1
      this.lastMs = timeMs
      this.#onFrame(timeMs, frame)
    }
  }
}
