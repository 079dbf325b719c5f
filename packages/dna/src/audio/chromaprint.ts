import { chanceAt } from '../bit-chances.ts'
import { AUDIO_SAMPLE_RATE, chromaOf, NOTES } from './chroma.ts'
import { ChromaImage } from './chroma-image.ts'
import { CLASSIFIER_ROWS, CLASSIFIERS, type Classifier } from './classifiers.ts'
import { FFT_SIZE } from './fft.ts'

/** Samples from one spectrum to the next. Source: Chromaprint, an overlap of 4096 - 4096 / 3. */
const STEP_SAMPLES = Math.trunc(FFT_SIZE / 3)
/** Weights of five neighbouring rows. Source: Chromaprint, kChromaFilterCoefficients. */
const SMOOTHING = [0.25, 0.75, 1, 0.75, 0.25]
/** Rows of less energy count as silence. Source: Chromaprint, NormalizeVector. */
const SILENT_NORM = 0.01
/** Bits of one sub-fingerprint: two of each classifier. */
const ITEM_BITS = 32
/** The four levels of a classifier as two bits, neighbours one bit apart. */
const GRAY_CODES = [0, 1, 3, 2]

/** Seconds from the start of one sub-fingerprint to the start of the next: 0.1238. */
export const AUDIO_ITEM_SECONDS = STEP_SAMPLES / AUDIO_SAMPLE_RATE
/** Seconds of sound that one sub-fingerprint depends on: 2.72. */
export const AUDIO_ITEM_SPAN_SECONDS =
  ((CLASSIFIER_ROWS + SMOOTHING.length - 2) * STEP_SAMPLES + FFT_SIZE) / AUDIO_SAMPLE_RATE

/**
 * How often the bit that changes at the nearest border between two levels differs in a copy (bit-chances.ts), by the
 * distance from it as a share of a level's breadth: measured on 440 items of attacked copies.
 */
const CHANCES = [96, 70, 48, 25, 17, 12, 6]
/** The same for a bit that does not change at the nearest border. */
const CHANCE_ELSEWHERE = 7

/** The sub-fingerprint of silence: all sums are zero. */
export const SILENT_ITEM = 627964279

/** Items that a new store of sub-fingerprints has room for. */
const FIRST_ROOM = 1024

/**
 * Chromaprint's sub-fingerprints (algorithm 2, the default) of mono sound at 11,025 samples a second, bit for bit what
 * `fpcalc -raw` prints for the same samples. Push the samples in pieces of any size.
 * @example
 * const chromaprint = new Chromaprint()
 * chromaprint.push(pcm)
 * const items = chromaprint.items()
 */
export class Chromaprint {
  readonly #frame = new Int16Array(FFT_SIZE)
  #filled = 0
  /** The last five rows of notes, as a ring. */
  readonly #recent = SMOOTHING.map(() => new Float64Array(NOTES))
  #spectra = 0
  readonly #row = new Float64Array(NOTES)
  readonly #image = new ChromaImage()
  #items = new Uint32Array(FIRST_ROOM)
  #count = 0
  readonly #doubts: Uint8Array[] | null

  /** `withDoubts` keeps how sure each bit is, which a query needs to look through the candidate index. */
  constructor({ withDoubts = false }: { readonly withDoubts?: boolean } = {}) {
    this.#doubts = withDoubts ? [] : null
  }

  /** Takes the next samples; they may be changed afterwards. */
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

  /** The sub-fingerprints so far; more samples may follow. */
  items(): Uint32Array {
    return this.#items.slice(0, this.#count)
  }

  /** How likely each of the 32 bits of each item, the top one first, is to differ in a copy, in 256ths. */
  doubts(): Uint8Array | null {
    if (!this.#doubts) return null
    const all = new Uint8Array(this.#doubts.length * ITEM_BITS)
    for (const [item, doubts] of this.#doubts.entries()) all.set(doubts, item * ITEM_BITS)
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
      // The ring's oldest row is the one that the next spectrum will overwrite.
      const notes = this.#recent[(this.#spectra + index) % SMOOTHING.length]
      if (!notes) continue
      for (let note = 0; note < NOTES; note++) {
        this.#row[note] = (this.#row[note] as number) + (notes[note] as number) * weight
      }
    }
  }

  #classify(row: number): number {
    let item = 0
    const doubts = this.#doubts && new Uint8Array(ITEM_BITS)
    for (const [index, { plus, minus, levels }] of CLASSIFIERS.entries()) {
      const value = Math.log(1 + this.#image.sumOf(plus, row)) - Math.log(1 + this.#image.sumOf(minus, row))
      const [low, middle, high] = levels
      const level = value < middle ? (value < low ? 0 : 1) : value < high ? 2 : 3
      item = (item << 2) | (GRAY_CODES[level] as number)
      doubts?.set(doubtsOf(value, level, levels), 2 * index)
    }
    if (doubts) this.#doubts?.push(doubts)
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

/** Chances that a classifier's two bits differ in a copy: the one that changes at the nearest border, and the other. */
function doubtsOf(value: number, level: number, levels: Classifier['levels']): [number, number] {
  let border = 0
  for (let i = 1; i < levels.length; i++) {
    if (Math.abs(value - (levels[i] as number)) < Math.abs(value - (levels[border] as number))) border = i
  }
  const breadth = (levels[2] - levels[0]) / 2
  const margin = Math.abs(value - (levels[border] as number)) / breadth
  const chance = chanceAt(margin, CHANCES)
  const beyond = border === level ? level + 1 : border
  const changing = (GRAY_CODES[level] as number) ^ (GRAY_CODES[beyond] as number)
  return changing === 2 ? [chance, CHANCE_ELSEWHERE] : [CHANCE_ELSEWHERE, chance]
}

/** Scales a row to length 1; a silent one becomes nothing. */
function normalise(row: Float64Array): void {
  let squares = 0
  for (const value of row) squares += value * value
  const norm = Math.sqrt(squares)
  for (let note = 0; note < row.length; note++) {
    row[note] = norm < SILENT_NORM ? 0 : (row[note] as number) / norm
  }
}
