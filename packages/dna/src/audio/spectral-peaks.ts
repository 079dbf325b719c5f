import { RealFft } from './fft.ts'
import { AUDIO_SAMPLE_RATE } from './notes.ts'
import { SampleFrames } from './sample-frames.ts'

/** Samples in one transform: 46 ms. Longer ones blur speech, and find a quarter fewer masked copies. */
const FFT_SIZE = 512
/** Samples between the starts of two spectra. */
const STEP_SAMPLES = 256
/** Time between spectra in milliseconds: 23.2. */
export const SPECTRUM_MS = (STEP_SAMPLES / AUDIO_SAMPLE_RATE) * 1000

/** Bins from 215 to 4,307 Hz, 21.5 Hz apart: slightly more than the band of a telephone. */
const FIRST_BIN = 10
const END_BIN = 200
const BINS = END_BIN - FIRST_BIN

/** A peak is the loudest point within this many spectra (163 ms) ... */
const REACH_SPECTRA = 7
/** ... and this many bins (129 Hz). Both give about 28 peaks a second in audio that is not silent. */
const REACH_BINS = 6
/** Spectra that decide about the one in their middle. */
const KEPT_SPECTRA = 2 * REACH_SPECTRA + 1
/** Energy of a tone of 2 units of 16-bit audio. Anything below is the noise of digital silence. */
const MIN_ENERGY = 5e4

const INITIAL_CAPACITY = 1024

const fft = new RealFft(FFT_SIZE)
const hann = Float64Array.from(
  { length: FFT_SIZE },
  (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / FFT_SIZE),
)
const windowed = new Float64Array(FFT_SIZE)
const energies = new Float64Array(FFT_SIZE / 2)

/** Peaks of a spectrogram, by time, then frequency. */
export type SpectralPeaks = {
  /** Number of the spectrum of each peak, one every SPECTRUM_MS. */
  readonly spectra: Uint32Array
  /** Frequency of each peak, 0 to 189, in steps of 21.5 Hz from 215 Hz. */
  readonly bins: Uint8Array
}

/** The number of frequencies that a peak can have. */
export const PEAK_BINS = BINS

/**
 * Finds the points of a spectrogram that are louder than all around them. Other sound that is mixed in hides some of
 * them and moves none. Push mono 16-bit samples at 11,025 Hz in chunks of any size. Source: Wang, An
 * Industrial-Strength Audio Search Algorithm, ISMIR 2003; the maximum filter: Six and Leman, Panako, ISMIR 2014.
 */
export class SpectralPeakFinder {
  readonly #frames = new SampleFrames({ size: FFT_SIZE, step: STEP_SAMPLES })
  #count = 0
  /** The last spectra as a ring buffer, and the largest energy within REACH_BINS of each of their bins. */
  readonly #spectra = Array.from({ length: KEPT_SPECTRA }, () => new Float64Array(BINS))
  readonly #maxima = Array.from({ length: KEPT_SPECTRA }, () => new Float64Array(BINS))
  #foundSpectra = new Uint32Array(INITIAL_CAPACITY)
  #foundBins = new Uint8Array(INITIAL_CAPACITY)
  #found = 0

  /** Adds samples. They are copied. */
  push(pcm: Int16Array): void {
    for (let taken = 0; taken < pcm.length; ) {
      taken = this.#frames.fill(pcm, taken)
      if (!this.#frames.isFull) return
      this.#takeSpectrum(this.#frames.frame)
      this.#frames.advance()
    }
  }

  /** The peaks of the samples so far, except in the last 0.2 s. */
  peaks(): SpectralPeaks {
    return {
      spectra: this.#foundSpectra.slice(0, this.#found),
      bins: this.#foundBins.slice(0, this.#found),
    }
  }

  #takeSpectrum(frame: Int16Array): void {
    for (let index = 0; index < FFT_SIZE; index++) {
      windowed[index] = (frame[index] as number) * (hann[index] as number)
    }
    fft.energiesOf(windowed, { firstBin: FIRST_BIN, endBin: END_BIN }, energies)
    const slot = this.#count % KEPT_SPECTRA
    const spectrum = this.#spectra[slot] as Float64Array
    spectrum.set(energies.subarray(FIRST_BIN, END_BIN))
    maximaAround(spectrum, this.#maxima[slot] as Float64Array)
    this.#count++
    if (this.#count > REACH_SPECTRA) this.#findPeaks(this.#count - 1 - REACH_SPECTRA)
  }

  /** Finds the peaks of a spectrum whose neighbours on both sides are known. */
  #findPeaks(at: number): void {
    const spectrum = this.#spectra[at % KEPT_SPECTRA] as Float64Array
    const maxima = this.#maxima[at % KEPT_SPECTRA] as Float64Array
    for (let bin = 0; bin < BINS; bin++) {
      const energy = spectrum[bin] as number
      if (energy >= MIN_ENERGY && energy === maxima[bin] && this.#isLoudest(at, bin, energy)) {
        this.#append(at, bin)
      }
    }
  }

  /** Of equal energies, the earliest is the peak, so that a steady tone has one. */
  #isLoudest(at: number, bin: number, energy: number): boolean {
    for (let other = Math.max(0, at - REACH_SPECTRA); other <= at + REACH_SPECTRA; other++) {
      if (other === at) continue
      const maximum = (this.#maxima[other % KEPT_SPECTRA] as Float64Array)[bin] as number
      if (maximum > energy || (maximum === energy && other < at)) return false
    }
    return true
  }

  #append(spectrum: number, bin: number): void {
    if (this.#found === this.#foundBins.length) {
      const spectra = new Uint32Array(2 * this.#found)
      const bins = new Uint8Array(2 * this.#found)
      spectra.set(this.#foundSpectra)
      bins.set(this.#foundBins)
      this.#foundSpectra = spectra
      this.#foundBins = bins
    }
    this.#foundSpectra[this.#found] = spectrum
    this.#foundBins[this.#found++] = bin
  }
}

/** Writes the largest value within REACH_BINS of each bin. */
function maximaAround(spectrum: Float64Array, maxima: Float64Array): void {
  let largest = -1
  for (let bin = 0; bin < BINS; bin++) {
    const last = Math.min(BINS - 1, bin + REACH_BINS)
    const isStale = largest < bin - REACH_BINS || largest < 0
    if (isStale) largest = Math.max(0, bin - REACH_BINS)
    for (let other = isStale ? largest + 1 : last; other <= last; other++) {
      if ((spectrum[other] as number) > (spectrum[largest] as number)) largest = other
    }
    maxima[bin] = spectrum[largest] as number
  }
}
