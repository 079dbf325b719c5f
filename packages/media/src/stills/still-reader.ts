import { type FramecrcLine, FramecrcReader } from '../run/framecrc-reader.ts'

/** A picture for the stills as ffmpeg coded it. */
export type Still = { readonly jpeg: Buffer; readonly timeMs: number }

/** The most bytes and times that may wait for each other: 100 pictures of 640x640 have a tenth of it. */
const MAX_WAITING_BYTES = 200 * 1024 * 1024

/** Cuts a stream of JPEGs by the sizes that framecrc tells. */
export class StillReader {
  readonly stills: Still[] = []
  readonly #places: FramecrcLine[] = []
  readonly #lines = new FramecrcReader()
  #waiting: Buffer[] = []
  #bytes = 0

  pushBytes(chunk: Buffer): void {
    this.#waiting.push(chunk)
    this.#bytes += chunk.length
    if (this.#bytes > MAX_WAITING_BYTES) throw new Error('Stills come without their times.')
    this.#join()
  }

  pushTimes(chunk: Buffer): void {
    this.#places.push(...this.#lines.read(chunk))
    this.#join()
  }

  #join(): void {
    for (let next = this.#places[0]; next !== undefined && next.size <= this.#bytes; next = this.#places[0]) {
      this.#places.shift()
      const all = this.#waiting.length === 1 ? this.#waiting[0] : Buffer.concat(this.#waiting)
      if (all === undefined) return
      // A copy: a slice would keep the whole chunk in memory.
      this.stills.push({ jpeg: Buffer.from(all.subarray(0, next.size)), timeMs: next.timeMs })
      this.#waiting = [all.subarray(next.size)]
      this.#bytes -= next.size
    }
  }
}
