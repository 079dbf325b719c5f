import { errorRateAt } from '../hash/bit-error-rates.ts'
import { AUDIO_SAMPLE_RATE, chromaOf, FFT_SIZE, NOTES } from './chroma.ts'
import { ChromaImage } from './chroma-image.ts'
import { CLASSIFIER_ROWS, CLASSIFIERS, type Classifier } from './classifiers.ts'

/** Samples between the starts of two spectra. Source: Chromaprint, an overlap of 4096 - 4096 / 3. */
const STEP_SAMPLES = Math.trunc(FFT_SIZE / 3)
/** Weights of five consecutive rows. Source: Chromaprint, kChromaFilterCoefficients. */
const SMOOTHING = [0.25, 0.75, 1, 0.75, 0.25]
/** Rows with a smaller norm count as silence. Source: Chromaprint, NormalizeVector. */
const SILENT_NORM = 0.01
/** Bits of one sub-fingerprint: two per classifier. */
const ITEM_BITS = 32
/** The four levels of a classifier as two bits (a Gray code); neighbouring levels differ in one bit. */
const GRAY_CODES = [0, 1, 3, 2]

/** Time between sub-fingerprints in seconds: 0.1238. */
export const AUDIO_ITEM_SECONDS = STEP_SAMPLES / AUDIO_SAMPLE_RATE
/** Time between sub-fingerprints in milliseconds: 123.8. */
export const ITEM_MS = AUDIO_ITEM_SECONDS * 1000
/** Length of the audio that one sub-fingerprint depends on, in milliseconds: 2,724. */
export const ITEM_SPAN_MS =
  (((CLASSIFIER_ROWS + SMOOTHING.length - 2) * STEP_SAMPLES + FFT_SIZE) / AUDIO_SAMPLE_RATE) * 1000

/**
 * Error rates, in 256ths, of the bit that changes at the nearest border between two levels, by the distance from that
 * border as a share of the level's width. Measured on 440 items of attacked copies.
 */
const ERROR_RATES = [96, 70, 48, 25, 17, 12, 6]
/** Error rate, in 256ths, of the bit that does not change at the nearest border. */
const OTHER_BIT_ERROR_RATE = 7

/** The sub-fingerprint of silence, where all sums are zero. */
export const SILENT_ITEM = 627964279

/** Initial capacity in items. */
const INITIAL_CAPACITY = 1024

/**
 * Chromaprint sub-fingerprints ("items"; algorithm 2, the default) of mono 16-bit audio at 11,025 samples per second,
 * bit for bit what `fpcalc -raw` prints for the same samples. Push samples in chunks of any size. Source: Lalinský,
 * Chromaprint 1.5.1; Ke et al., Computer Vision for Music Identification, CVPR 2005.
 * @example
 * const chromaprint = new Chromaprint()
 * chromaprint.push(pcm)
 * const items = chromaprint.items()
 */
export class Chromaprint {
  readonly #frame = new Int16Array(FFT_SIZE)
  #filled = 0
  /** The last five rows of notes, as a ring buffer. */
  readonly #recent = SMOOTHING.map(() => new Float64Array(NOTES))
  #spectra = 0
  readonly #row = new Float64Array(NOTES)
  readonly #image = new ChromaImage()
  #items = new Uint32Array(INITIAL_CAPACITY)
  #count = 0
  readonly #bitErrorRates: Uint8Array[] | null

  /** `withBitErrorRates` also keeps the error rate of each bit. Queries need it to probe the candidate index. */
  constructor({ withBitErrorRates = false }: { readonly withBitErrorRates?: boolean } = {}) {
    this.#bitErrorRates = withBitErrorRates ? [] : null
  }

  /** Adds samples. They are copied. */
  push(pcm: Int16Array): void {
    let taken = 0
    while (taken < pcm.length) {
      const piece = pcm.subarray(taken, taken + FFT_SIZE - this.#filled)
      this.#frame.set(piece, this.#filled)
      this.#filled += piece.length
      taken += piece.length
      if (this.#filled < FFT_SIZE) return
      this.#takeSpectrum()
      this.#frame.copyWithin(0, STEP_SAMPLES)
      this.#filled = FFT_SIZE - STEP_SAMPLES
    }
  }

  /** The sub-fingerprints so far. More samples may follow. */
  items(): Uint32Array {
    return this.#items.slice(0, this.#count)
  }

  /** Error rate of each of the 32 bits of each item in copies, in 256ths, top bit first; null if not requested. */
  bitErrorRates(): Uint8Array | null {
    if (!this.#bitErrorRates) return null
    const all = new Uint8Array(this.#bitErrorRates.length * ITEM_BITS)
    for (const [item, rates] of this.#bitErrorRates.entries()) all.set(rates, item * ITEM_BITS)
    return all
  }

  #takeSpectrum(): void {
    const newest = this.#recent[this.#spectra % SMOOTHING.length]
    if (newest) chromaOf(this.#frame, newest)
    this.#spectra++
    if (this.#spectra < SMOOTHING.length) return
    this.#smooth()
    normalise(this.#row)
    this.#image.addRow(this.#row)
    if (this.#image.rows >= CLASSIFIER_ROWS) this.#append(this.#classify(this.#image.rows - CLASSIFIER_ROWS))
  }

  #smooth(): void {
    this.#row.fill(0)
    for (const [index, weight] of SMOOTHING.entries()) {
      // The oldest row, which the next spectrum overwrites.
      const notes = this.#recent[(this.#spectra + index) % SMOOTHING.length]
      if (!notes) continue
      for (let note = 0; note < NOTES; note++) {
        this.#row[note] = (this.#row[note] as number) + (notes[note] as number) * weight
      }
    }
  }

  #classify(row: number): number {
    let item = 0
    const rates = this.#bitErrorRates && new Uint8Array(ITEM_BITS)
    for (const [index, { plus, minus, levels }] of CLASSIFIERS.entries()) {
      const value = Math.log(1 + this.#image.sumOf(plus, row)) - Math.log(1 + this.#image.sumOf(minus, row))
      const [low, middle, high] = levels
      const level = value < middle ? (value < low ? 0 : 1) : value < high ? 2 : 3
      item = (item << 2) | (GRAY_CODES[level] as number)
      rates?.set(errorRatesOf(value, level, levels), 2 * index)
    }
    if (rates) this.#bitErrorRates?.push(rates)
    return item >>> 0
  }

  #append(item: number): void {
    if (this.#count === this.#items.length) {
      const more = new Uint32Array(2 * this.#items.length)
      more.set(this.#items)
      this.#items = more
    }
    this.#items[this.#count++] = item
  }
}

/** Error rates of a classifier's two bits: one changes at the nearest border between levels, the other does not. */
function errorRatesOf(value: number, level: number, levels: Classifier['levels']): [number, number] {
  let border = 0
  for (let i = 1; i < levels.length; i++) {
    if (Math.abs(value - (levels[i] as number)) < Math.abs(value - (levels[border] as number))) border = i
  }
  const width = (levels[2] - levels[0]) / 2
  const margin = Math.abs(value - (levels[border] as number)) / width
  const rate = errorRateAt(margin, ERROR_RATES)
  const beyond = border === level ? level + 1 : border
  const changing = (GRAY_CODES[level] as number) ^ (GRAY_CODES[beyond] as number)
  return changing === 2 ? [rate, OTHER_BIT_ERROR_RATE] : [OTHER_BIT_ERROR_RATE, rate]
}

/** Scales a row to unit length, or to zero if it is silent. */
function normalise(row: Float64Array): void {
  let squares = 0
  for (const value of row) squares += value * value
  const norm = Math.sqrt(squares)
  for (let note = 0; note < row.length; note++) {
    row[note] = norm < SILENT_NORM ? 0 : (row[note] as number) / norm
  }
}
