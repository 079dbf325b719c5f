import { FramecrcReader } from '../run/framecrc-reader.ts'
import { AUDIO_RATE } from './decode-arguments.ts'

/**
 * Sound whose time has not been read yet. ffmpeg writes 32 KB of times at once, which are 600 packets: 0.3 MB of
 * samples. More means that the two have come apart.
 */
const MAX_WAITING_SAMPLES = 8 * 1024 ** 2
/**
 * Sound may be this far from its own time before it is moved, 0.1 s: less than one step of a fingerprint. Rounded
 * times, and joints that overlap by the samples that an encoder adds, stay under it.
 */
export const TOLERATED_SAMPLES = Math.round(AUDIO_RATE / 10)
/** Silence is handed on in pieces of this size. */
const SILENCE = new Int16Array(16_384)

export type AudioClockOptions = {
  /** When the first sound is due, in seconds of the presentation. */
  readonly startSeconds: number
  /** Receives the samples in order, a gap as silence. They must not be kept or changed. */
  readonly onSamples: (pcm: Int16Array) => void
  /** Told how many samples were left out because others were heard at their time. */
  readonly onOverlap?: ((samples: number) => void) | undefined
}

/**
 * Lays decoded sound on the presentation's clock: a gap between two packets becomes silence, and what overlaps the
 * sound before it is left out. Sound without gaps passes unchanged.
 */
export class AudioClock {
  /** Samples handed on, silence among them. */
  samples = 0
  /** When the first sample is heard: as due, unless the first packet is more than 0.1 s from it. */
  startSeconds: number
  readonly #onSamples: (pcm: Int16Array) => void
  readonly #onOverlap: (samples: number) => void
  readonly #packets = new FramecrcReader()
  /** Samples that came before their times. */
  #chunks: Int16Array[] = []
  #waiting = 0
  /** Packets whose samples have not come. */
  #due: { time: number | undefined; samples: number }[] = []
  /** The time of the sample after the last one handed on, in samples. Undefined before the first packet. */
  #at: number | undefined

  constructor({ startSeconds, onSamples, onOverlap = () => undefined }: AudioClockOptions) {
    this.startSeconds = startSeconds
    this.#onSamples = onSamples
    this.#onOverlap = onOverlap
  }

  pushSamples(pcm: Int16Array): void {
    this.#chunks.push(pcm)
    this.#waiting += pcm.length
    if (this.#waiting > MAX_WAITING_SAMPLES) throw new Error('Sound comes without its times.')
    this.#join()
  }

  pushTimes(chunk: Buffer): void {
    for (const { time, bytes } of this.#packets.readPackets(chunk))
      this.#due.push({ time, samples: bytes >> 1 })
    this.#join()
  }

  /** Hands on what is left: a program that was ended may have written samples and not their times. */
  end(): void {
    this.#pass(this.#waiting)
    this.#due = []
  }

  #join(): void {
    let packets = 0
    // Packets that follow each other are handed on together.
    let run = 0
    for (const { time, samples } of this.#due) {
      if (run + samples > this.#waiting) break
      packets += 1
      const late = time === undefined ? 0 : this.#lateness(time, run)
      if (Math.abs(late) <= TOLERATED_SAMPLES) {
        run += samples
        continue
      }
      this.#pass(run)
      run = 0
      if (late > 0) this.#passSilence(late)
      const overlap = Math.min(samples, Math.max(0, -late))
      this.#drop(overlap)
      run = samples - overlap
    }
    this.#pass(run)
    this.#due.splice(0, packets)
  }

  /** How much later than the sound before it a packet is due, in samples; negative where the two overlap. */
  #lateness(time: number, run: number): number {
    this.#at ??= this.#startAt(time)
    return time - this.#at - run
  }

  /** The first packet's own time, and never before the presentation. */
  #startAt(time: number): number {
    const start = Math.max(0, time)
    if (Math.abs(start - this.startSeconds * AUDIO_RATE) > TOLERATED_SAMPLES)
      this.startSeconds = start / AUDIO_RATE
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
