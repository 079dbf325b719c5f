import { FramecrcReader } from '../process/framecrc-reader.ts'

/**
 * Maximum number of samples that wait for their timestamps. ffmpeg writes 32 kB of timestamps at once, which is 600
 * packets or 0.3 MB of samples. More means that the two streams no longer match.
 */
const MAX_WAITING_SAMPLES = 8 * 1024 ** 2
/**
 * How far audio may be from its timestamp before it is moved: less than one step of a fingerprint. Rounded timestamps,
 * and joints that overlap by the samples an encoder adds, stay below it.
 */
const TOLERATED_SECONDS = 0.1
/** Silence is delivered in chunks of this size. */
const SILENCE = new Int16Array(16_384)

export type AudioClockOptions = {
  /** Samples per second. */
  readonly sampleRate: number
  /** Expected time of the first sample, in seconds of the presentation. */
  readonly startSeconds: number
  /** Receives the samples in order, gaps as silence. The array is only valid during the call. */
  readonly onSamples: (pcm: Int16Array) => void
  /** Receives the number of samples dropped because they overlap earlier ones. */
  readonly onOverlap?: ((samples: number) => void) | undefined
}

/**
 * Aligns decoded audio with the presentation's clock: a gap between two packets becomes silence, and samples that
 * overlap earlier ones are dropped. Audio without gaps passes unchanged.
 */
export class AudioClock {
  /** Number of samples delivered, including silence. */
  samples = 0
  /** Time of the first sample: the expected time, unless the first packet is more than 0.1 s away from it. */
  startSeconds: number
  readonly #sampleRate: number
  readonly #toleratedSamples: number
  readonly #onSamples: (pcm: Int16Array) => void
  readonly #onOverlap: (samples: number) => void
  readonly #packets = new FramecrcReader()
  /** Samples that arrived before their timestamps. */
  #chunks: Int16Array[] = []
  #waiting = 0
  /** Packets whose samples have not arrived yet. */
  #due: { time: number | undefined; samples: number }[] = []
  /** Time of the next sample to deliver, in samples. Undefined before the first packet. */
  #at: number | undefined

  constructor({ sampleRate, startSeconds, onSamples, onOverlap = () => undefined }: AudioClockOptions) {
    this.#sampleRate = sampleRate
    this.#toleratedSamples = Math.round(TOLERATED_SECONDS * sampleRate)
    this.startSeconds = startSeconds
    this.#onSamples = onSamples
    this.#onOverlap = onOverlap
  }

  pushSamples(pcm: Int16Array): void {
    this.#chunks.push(pcm)
    this.#waiting += pcm.length
    if (this.#waiting > MAX_WAITING_SAMPLES) throw new Error('Audio arrives without its timestamps.')
    this.#join()
  }

  pushTimes(chunk: Buffer): void {
    for (const { time, bytes } of this.#packets.readPackets(chunk))
      this.#due.push({ time, samples: bytes >> 1 })
    this.#join()
  }

  /** Delivers the remaining samples: a program that was killed may have written samples without their timestamps. */
  end(): void {
    this.#pass(this.#waiting)
    this.#due = []
  }

  #join(): void {
    let packets = 0
    // Consecutive packets are delivered together.
    let pending = 0
    for (const { time, samples } of this.#due) {
      if (pending + samples > this.#waiting) break
      packets += 1
      const late = time === undefined ? 0 : this.#lateness(time, pending)
      if (Math.abs(late) <= this.#toleratedSamples) {
        pending += samples
        continue
      }
      this.#pass(pending)
      pending = 0
      if (late > 0) this.#passSilence(late)
      const overlap = Math.min(samples, Math.max(0, -late))
      this.#drop(overlap)
      pending = samples - overlap
    }
    this.#pass(pending)
    this.#due.splice(0, packets)
  }

  /** How much later than the preceding audio a packet is due, in samples; negative if the two overlap. */
  #lateness(time: number, pending: number): number {
    this.#at ??= this.#startAt(time)
    return time - this.#at - pending
  }

  /** The first packet's timestamp, but never before the presentation starts. */
  #startAt(time: number): number {
    const start = Math.max(0, time)
    if (Math.abs(start - this.startSeconds * this.#sampleRate) > this.#toleratedSamples)
      this.startSeconds = start / this.#sampleRate
    return start
  }

  #pass(samples: number): void {
    for (const pcm of this.#take(samples)) {
      this.samples += pcm.length
      if (this.#at !== undefined) this.#at += pcm.length
      this.#onSamples(pcm)
    }
  }

  #passSilence(samples: number): void {
    for (let left = samples; left > 0; left -= SILENCE.length) {
      const pcm = SILENCE.subarray(0, left)
      this.samples += pcm.length
      if (this.#at !== undefined) this.#at += pcm.length
      this.#onSamples(pcm)
    }
  }

  #drop(samples: number): void {
    if (samples === 0) return
    for (const _ of this.#take(samples));
    this.#onOverlap(samples)
  }

  *#take(samples: number): Generator<Int16Array> {
    let left = samples
    while (left > 0) {
      const chunk = this.#chunks[0]
      if (chunk === undefined) return
      const piece = chunk.subarray(0, left)
      if (piece.length === chunk.length) this.#chunks.shift()
      else this.#chunks[0] = chunk.subarray(piece.length)
      this.#waiting -= piece.length
      left -= piece.length
      yield piece
    }
  }
}
