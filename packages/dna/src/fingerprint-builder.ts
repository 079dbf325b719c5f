import { Chromaprint } from './audio/chromaprint.ts'
import type { AudioTrack, Fingerprint, PictureView } from './fingerprint.ts'
import { CUT_INTERVAL_MS, CUTS } from './video/cuts.ts'
import { FrameHasher, type QueryOptions } from './video/frame-hasher.ts'
import { FIRST_QUERY_VIEW, QUERY_VIEWS } from './video/query-views.ts'
import { FRAME_PIXELS, FRAME_SIDE } from './video/resample.ts'
import { RunMerger } from './video/run-merger.ts'

/** Nominal time between sampled frames: a copy at another frame rate is then never further than 125 ms from one. */
export const SAMPLE_INTERVAL_MS = 250

/** The latest time that a fingerprint can hold. */
const MAX_TIME_MS = 2 ** 32 - 1

export type FingerprintBuilderOptions = {
  /** Nominal time between the frames that will be pushed, in milliseconds. */
  readonly intervalMs?: number
  /** Also makes the views that only a query has; `storedPart` takes them away again. */
  readonly query?: QueryOptions | undefined
}

/** What only the end of the decoding tells. */
export type Ending = {
  /** Length of the presentation in seconds. */
  readonly durationSeconds: number
  /** Time of the first pushed sample of sound, in milliseconds of the presentation. */
  readonly audioStartMs: number
}

/**
 * Makes the fingerprint of one video from its frames and its sound as they are decoded; the two may come in any
 * interleaving. Holds at most about 35 MB, whatever the length. The same input gives the same fingerprint.
 * @example
 * const builder = new FingerprintBuilder()
 * builder.pushFrame(0, gray192)
 * builder.pushAudio(pcm)
 * const fingerprint = builder.finish({ durationSeconds: 12.5, audioStartMs: 0 })
 */
export class FingerprintBuilder {
  readonly #intervalMs: number
  readonly #runs = new RunMerger()
  readonly #cuts: ReadonlyMap<number, RunMerger>
  readonly #viewIntervalMs: number
  readonly #hasher: FrameHasher
  readonly #chromaprint: Chromaprint
  #lastMs = -1
  #hasAudio = false
  #finished = false

  constructor({ intervalMs = SAMPLE_INTERVAL_MS, query }: FingerprintBuilderOptions = {}) {
    this.#intervalMs = intervalMs
    this.#chromaprint = new Chromaprint({ withDoubts: query !== undefined })
    this.#viewIntervalMs = query?.viewIntervalMs ?? CUT_INTERVAL_MS
    const extra = query ? Array.from({ length: QUERY_VIEWS }, (_, i) => FIRST_QUERY_VIEW + i) : []
    this.#cuts = new Map([...CUTS.keys(), ...extra].map((number) => [number, new RunMerger()]))
    this.#hasher = new FrameHasher(
      (frame) => this.#runs.push(frame),
      (cut, frame) => this.#cuts.get(cut)?.push(frame),
      query,
    )
  }

  /**
   * Takes the picture shown at `timeMs` as 192x192 grey pixels, which may be changed afterwards. A frame before the
   * start of the presentation, or not later than the one before it, is left out: broken files have such frames.
   */
  pushFrame(timeMs: number, gray192: Uint8Array): void {
    this.#assertOpen()
    if (gray192.length !== FRAME_PIXELS) {
      throw new RangeError(`a frame has ${FRAME_PIXELS} pixels, not ${gray192.length}`)
    }
    const time = Math.round(timeMs)
    if (!(time > this.#lastMs && time <= MAX_TIME_MS)) return
    this.#lastMs = time
    this.#hasher.push(time, gray192)
  }

  /** Takes the next samples of the sound: mono, 11,025 a second. They may be changed afterwards. */
  pushAudio(pcm: Int16Array): void {
    this.#assertOpen()
    if (pcm.length > 0) this.#hasAudio = true
    this.#chromaprint.push(pcm)
  }

  /** The fingerprint of all that was pushed. Nothing can be pushed after it. */
  finish({ durationSeconds, audioStartMs }: Ending): Fingerprint {
    this.#assertOpen()
    this.#finished = true
    const { left, top, right, bottom } = this.#hasher.finish()
    const share = (pixels: number) => pixels / FRAME_SIDE
    const doubts = this.#chromaprint.doubts()
    const audio: AudioTrack | null = this.#hasAudio
      ? { startMs: audioStartMs, items: this.#chromaprint.items(), ...(doubts && { doubts }) }
      : null
    return {
      durationSeconds,
      video: {
        intervalMs: this.#intervalMs,
        ...this.#runs.runs(),
        picture: [share(left), share(top), share(right), share(bottom)],
      },
      views: this.#views(),
      audio,
    }
  }

  /** All cuts, and what was seen of the views of a query. */
  #views(): PictureView[] {
    return [...this.#cuts]
      .map(([cut, merger]) => ({ cut, intervalMs: this.#intervalOf(cut), ...merger.runs() }))
      .filter(({ cut, startMs }) => cut < FIRST_QUERY_VIEW || startMs.length > 0)
  }

  #intervalOf(cut: number): number {
    return cut < FIRST_QUERY_VIEW ? CUT_INTERVAL_MS : this.#viewIntervalMs
  }

  #assertOpen(): void {
    if (this.#finished) throw new Error('this fingerprint is finished: use a new builder')
  }
}

/** A fingerprint without what only a query has: what is stored. */
export function storedPart({ views, video, audio, ...rest }: Fingerprint): Fingerprint {
  return {
    ...rest,
    video: withoutDoubts(video),
    audio: audio && withoutDoubts(audio),
    ...(views && { views: views.filter(({ cut }) => cut < FIRST_QUERY_VIEW).map(withoutDoubts) }),
  }
}

function withoutDoubts<T extends { readonly doubts?: unknown }>({
  doubts: _,
  ...track
}: T): Omit<T, 'doubts'> {
  return track
}
