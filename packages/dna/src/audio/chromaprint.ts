import { chromaOf } from './chroma.ts'
import { COMPACT_SIZE } from './compact-spectrum.ts'
import { ITEM_SPECTRA, ItemBuilder } from './item-builder.ts'
import { AUDIO_SAMPLE_RATE, FFT_SIZE, NOTES } from './notes.ts'
import { SampleFrames } from './sample-frames.ts'

/** Samples between the starts of two spectra. Source: Chromaprint, an overlap of 4096 - 4096 / 3. */
const STEP_SAMPLES = Math.trunc(FFT_SIZE / 3)
/** Time between sub-fingerprints in seconds: 0.1238. */
export const AUDIO_ITEM_SECONDS = STEP_SAMPLES / AUDIO_SAMPLE_RATE
/** Time between sub-fingerprints in milliseconds: 123.8. */
export const ITEM_MS = AUDIO_ITEM_SECONDS * 1000
/** Length of the audio that one sub-fingerprint depends on, in milliseconds: 2,724. */
export const ITEM_SPAN_MS = (((ITEM_SPECTRA - 1) * STEP_SAMPLES + FFT_SIZE) / AUDIO_SAMPLE_RATE) * 1000

/** The sub-fingerprint of silence, where all sums are zero. */
export const SILENT_ITEM = 627964279

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
  readonly #frames = new SampleFrames({ size: FFT_SIZE, step: STEP_SAMPLES })
  readonly #notes = new Float64Array(NOTES)
  readonly #builder: ItemBuilder
  readonly #spectra: Uint8Array[] | null

  /** `forQuery` also keeps the error rate of each bit, to probe the candidate index, and the compact spectra. */
  constructor({ forQuery = false }: { readonly forQuery?: boolean } = {}) {
    this.#builder = new ItemBuilder({ withBitErrorRates: forQuery })
    this.#spectra = forQuery ? [] : null
  }

  /** Adds samples. They are copied. */
  push(pcm: Int16Array): void {
    for (let taken = 0; taken < pcm.length; ) {
      taken = this.#frames.fill(pcm, taken)
      if (!this.#frames.isFull) return
      this.#takeSpectrum(this.#frames.frame)
      this.#frames.advance()
    }
  }

  /** The sub-fingerprints so far. More samples may follow. */
  items(): Uint32Array {
    return this.#builder.items()
  }

  /** Error rate of each of the 32 bits of each item in copies, in 256ths, top bit first; null unless for a query. */
  bitErrorRates(): Uint8Array | null {
    return this.#builder.bitErrorRates()
  }

  /** The compact spectra, one after another (compact-spectrum.ts); null unless for a query. */
  spectra(): Uint8Array | null {
    if (!this.#spectra) return null
    const all = new Uint8Array(this.#spectra.length * COMPACT_SIZE)
    for (const [at, spectrum] of this.#spectra.entries()) all.set(spectrum, at * COMPACT_SIZE)
    return all
  }

  #takeSpectrum(frame: Int16Array): void {
    const compact = this.#spectra && new Uint8Array(COMPACT_SIZE)
    chromaOf(frame, this.#notes, compact)
    this.#builder.push(this.#notes)
    if (compact) this.#spectra?.push(compact)
  }
}
