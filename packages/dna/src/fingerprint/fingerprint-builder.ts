import { Chromaprint } from '../audio/chromaprint.ts'
import { AUDIO_SAMPLE_RATE } from '../audio/notes.ts'
import { SpectralPeakFinder } from '../audio/spectral-peaks.ts'
import {
  joinLocalFrames,
  LOCAL_INTERVAL_MS,
  type LocalFrame,
  localFrameOf,
  storedLocalPart,
} from '../local/local-track.ts'
import { CROP_INTERVAL_MS, CROPS, type Crop, STORED_CROPS } from '../picture/crops.ts'
import { FrameHasher, type QueryOptions, windowIntervalMs } from '../picture/frame-hasher.ts'
import { FrameKeeper } from '../picture/frame-keeper.ts'
import { FIRST_QUERY_VIEW, type HashedView, isWindow } from '../picture/query-views.ts'
import { FRAME_PIXELS, FRAME_SIDE, type Rect, sharesOf } from '../picture/rect.ts'
import { RunMerger } from '../picture/run-merger.ts'
import {
  type AudioTrack,
  type Fingerprint,
  isSparseVideo,
  type PictureView,
  SPARSE_INTERVAL_MS,
} from './fingerprint.ts'

/** What a decoder delivers to FingerprintBuilder. */
export const SAMPLING = {
  /** Frames are square, with this many pixels per side and one byte of luma per pixel. */
  frameSide: FRAME_SIDE,
  /**
   * Nominal time between sampled frames. Frames of a copy at another frame rate are never more than 125 ms from a
   * sample.
   */
  intervalMs: 250,
  /** Hz, mono. */
  audioSampleRate: AUDIO_SAMPLE_RATE,
} as const

/** SAMPLING of a sparse video: its keyframes, or one frame in about two seconds. */
export const SPARSE_SAMPLING = { ...SAMPLING, intervalMs: SPARSE_INTERVAL_MS } as const
/** A frame of a sparse video may be this much early, because keyframes are rarely exactly 2 s apart. */
const EARLY_MS = 250
/** Time between frames of a sparse video whose crops are stored. */
const SPARSE_CROP_INTERVAL_MS = 8000

/** The latest time that a fingerprint can represent. */
const MAX_TIME_MS = 2 ** 32 - 1

type FingerprintBuilderOptions = {
  /**
   * Nominal time between the frames to be pushed, in milliseconds; SAMPLING.intervalMs by default. From
   * SPARSE_SAMPLING.intervalMs on, the video is sparse: frames that follow sooner are dropped.
   */
  readonly intervalMs?: number
  /** Width over height of the picture as displayed; by default that of the query, or 16:9. */
  readonly aspect?: number | undefined
  /** Also creates the views and bit error rates that only a query needs. `storedPart` removes them again. */
  readonly query?: QueryOptions | undefined
}

const DEFAULT_ASPECT = 16 / 9

/** Times known only once decoding has ended. */
type FinalTimes = {
  /** Length of the presentation in seconds. */
  readonly durationSeconds: number
  /** Time of the first audio sample pushed, in milliseconds of the presentation. */
  readonly audioStartMs: number
}

/**
 * Builds the fingerprint of one video from its frames and audio as they are decoded, in any interleaving. Uses at most
 * about 35 MB for any length, and 11 MB more for a query. The same input gives the same fingerprint.
 * @example
 * const builder = new FingerprintBuilder()
 * builder.pushFrame(0, gray192)
 * builder.pushAudio(pcm)
 * const fingerprint = builder.finish({ durationSeconds: 12.5, audioStartMs: 0 })
 */
export class FingerprintBuilder {
  readonly #intervalMs: number
  readonly #minMs: number
  readonly #cropIntervalMs: number
  readonly #runs: RunMerger
  readonly #newRuns: () => RunMerger
  readonly #views = new Map<number, RunMerger>()
  /** Where detected views are, by view number: in the first three minutes, if they move. */
  readonly #boxes = new Map<number, Crop>()
  readonly #viewIntervalMs: number
  readonly #windowIntervalMs: number
  readonly #hasher: FrameHasher
  readonly #chromaprint: Chromaprint
  readonly #local: LocalFrame[] = []
  readonly #localIntervalMs: number
  readonly #aspect: number
  readonly #isQuery: boolean
  readonly #withLocal: boolean
  readonly #keeper: FrameKeeper | null
  readonly #peaks = new SpectralPeakFinder()
  #lastMs = Number.NEGATIVE_INFINITY
  #hasAudio = false
  #finished = false

  constructor({ intervalMs = SAMPLING.intervalMs, query, aspect }: FingerprintBuilderOptions = {}) {
    this.#isQuery = query !== undefined
    this.#aspect = aspect ?? query?.aspect ?? DEFAULT_ASPECT
    this.#localIntervalMs = query?.viewIntervalMs ?? LOCAL_INTERVAL_MS
    this.#intervalMs = intervalMs
    const sparse = isSparseVideo({ intervalMs })
    // A video stored by its keyframes is meant to be small.
    this.#withLocal = this.#isQuery || !sparse
    this.#keeper = this.#isQuery && !sparse && !query?.sparse ? new FrameKeeper() : null
    this.#minMs = sparse ? intervalMs - EARLY_MS : 1
    this.#cropIntervalMs = sparse ? SPARSE_CROP_INTERVAL_MS : CROP_INTERVAL_MS
    // Keyframes are too far apart to tell that the picture between two of them did not change.
    this.#newRuns = () => new RunMerger(sparse ? { maxMs: 0 } : {})
    this.#runs = this.#newRuns()
    this.#chromaprint = new Chromaprint({ forQuery: query !== undefined })
    this.#viewIntervalMs = query?.viewIntervalMs ?? this.#cropIntervalMs
    this.#windowIntervalMs = windowIntervalMs({ viewIntervalMs: this.#viewIntervalMs })
    const crops = sparse ? CROPS : STORED_CROPS
    for (const viewId of crops.keys()) this.#views.set(viewId, this.#newRuns())
    this.#hasher = new FrameHasher({
      onFrame: (frame) => this.#runs.push(frame),
      onView: (view, timeMs) => this.#pushView(view, timeMs),
      onPixels: (timeMs, pixels, picture) => {
        this.#pushLocal(timeMs, pixels, picture)
        this.#keeper?.push(timeMs, pixels)
      },
      query,
      sparse: sparse || (query?.sparse ?? false),
      crops,
      cropIntervalMs: this.#cropIntervalMs,
    })
  }

  /**
   * Adds the frame shown at `timeMs`, as 192x192 grey pixels. The pixels are copied. Broken files can contain frames
   * before the start of the presentation, or frames not later than the previous one; these are ignored. Throws a
   * RangeError for any other size.
   */
  pushFrame(timeMs: number, gray192: Uint8Array): void {
    this.#assertOpen()
    if (gray192.length !== FRAME_PIXELS) {
      throw new RangeError(`A frame has ${FRAME_PIXELS} pixels, not ${gray192.length}.`)
    }
    const time = Math.round(timeMs)
    if (!(time >= Math.max(0, this.#lastMs + this.#minMs) && time <= MAX_TIME_MS)) return
    this.#lastMs = time
    this.#hasher.push(time, gray192)
  }

  /** Adds audio samples: mono, 16 bits, 11,025 per second. They are copied. */
  pushAudio(pcm: Int16Array): void {
    this.#assertOpen()
    if (pcm.length > 0) this.#hasAudio = true
    this.#chromaprint.push(pcm)
    this.#peaks.push(pcm)
  }

  /** Returns the fingerprint of everything pushed. The builder cannot be used afterwards. */
  finish({ durationSeconds, audioStartMs }: FinalTimes): Fingerprint {
    this.#assertOpen()
    this.#finished = true
    const { left, top, right, bottom } = sharesOf(this.#hasher.finish())
    const audio = this.#hasAudio ? this.#audioTrack(audioStartMs) : null
    const runs = this.#runs.runs()
    const local = joinLocalFrames(this.#local, this.#aspect)
    return {
      durationSeconds,
      video: { intervalMs: this.#intervalMs, ...runs, picture: [left, top, right, bottom] },
      views: this.#viewTracks(),
      ...(this.#withLocal && { local: this.#isQuery ? local : storedLocalPart(local, runs) }),
      ...(this.#keeper && { keptFrames: this.#keeper.frames() }),
      audio,
    }
  }

  /** Finds the keypoints of the first frame of each interval. */
  #pushLocal(timeMs: number, pixels: Uint8Array, picture: Rect): void {
    if (!this.#withLocal) return
    const before = this.#local.at(-1)?.timeMs ?? -1
    const isFirstOf = (ms: number) => before < 0 || Math.trunc(timeMs / ms) !== Math.trunc(before / ms)
    if (!isFirstOf(this.#localIntervalMs) && !isFirstOf(LOCAL_INTERVAL_MS)) return
    const isQuery = this.#isQuery
    this.#local.push(localFrameOf(pixels, { timeMs, picture, aspect: this.#aspect, isQuery }))
  }

  #pushView({ viewId, hash, rect }: HashedView, timeMs: number): void {
    const runs = this.#views.get(viewId) ?? this.#newRuns()
    this.#views.set(viewId, runs)
    runs.push({ timeMs, ...hash })
    if (rect && !this.#boxes.has(viewId)) this.#boxes.set(viewId, sharesOf(rect))
  }

  #audioTrack(startMs: number): AudioTrack {
    const bitErrorRates = this.#chromaprint.bitErrorRates()
    const spectra = this.#chromaprint.spectra()
    return {
      startMs,
      items: this.#chromaprint.items(),
      peaks: this.#peaks.peaks(),
      ...(bitErrorRates && { bitErrorRates }),
      ...(spectra && { spectra }),
    }
  }

  /** All stored crops, and the query views that are present. */
  #viewTracks(): PictureView[] {
    return [...this.#views]
      .sort(([a], [b]) => a - b)
      .map(([viewId, merger]) => {
        const box = this.#boxes.get(viewId)
        return { viewId, intervalMs: this.#intervalOf(viewId), ...(box && { box }), ...merger.runs() }
      })
  }

  #intervalOf(viewId: number): number {
    if (viewId < FIRST_QUERY_VIEW) return this.#cropIntervalMs
    return isWindow(viewId) ? this.#windowIntervalMs : this.#viewIntervalMs
  }

  #assertOpen(): void {
    if (this.#finished) throw new Error('The fingerprint is already finished. Create a new builder.')
  }
}

/** Returns the part of a query's fingerprint that is stored: without query views, bit error rates, spectra and frames. */
export function storedPart({ durationSeconds, views, video, local, audio }: Fingerprint): Fingerprint {
  return {
    durationSeconds,
    video: withoutBitErrorRates(video),
    ...(local && { local: storedLocalPart(local, video) }),
    audio: audio && withoutSpectra(withoutBitErrorRates(audio)),
    ...(views && {
      views: views.filter(({ viewId }) => viewId < FIRST_QUERY_VIEW).map(withoutBitErrorRates),
    }),
  }
}

function withoutBitErrorRates<T extends { readonly bitErrorRates?: unknown }>({
  bitErrorRates: _,
  ...track
}: T): Omit<T, 'bitErrorRates'> {
  return track
}

function withoutSpectra({ spectra: _, ...track }: AudioTrack): AudioTrack {
  return track
}
