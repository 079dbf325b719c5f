import { RealFft } from './fft.ts'

/** Sampling rate of Chromaprint, in samples a second. */
export const AUDIO_SAMPLE_RATE = 11_025
/** Samples in one transform. Source: Chromaprint, kDefaultFrameSize. */
export const FFT_SIZE = 4096
/** Notes per octave. */
export const NOTES = 12

/** Source: Chromaprint, MIN_FREQ and MAX_FREQ of its fingerprinter. */
const MIN_FREQUENCY_HZ = 28
const MAX_FREQUENCY_HZ = 3520
/** The lowest A of a piano: 440 / 16. Source: Chromaprint, FreqToOctave. */
const BASE_FREQUENCY_HZ = 440 / 16

const firstBin = Math.max(1, binOf(MIN_FREQUENCY_HZ))
const endBin = Math.min(FFT_SIZE / 2, binOf(MAX_FREQUENCY_HZ))

function binOf(frequencyHz: number): number {
  return Math.round((FFT_SIZE * frequencyHz) / AUDIO_SAMPLE_RATE)
}

/** The note, 0 to 11, that each bin of the spectrum belongs to. */
const noteOfBin = new Uint8Array(FFT_SIZE / 2)
for (let bin = firstBin; bin < endBin; bin++) {
  const octave = Math.log((bin * AUDIO_SAMPLE_RATE) / FFT_SIZE / BASE_FREQUENCY_HZ) / Math.log(2)
  noteOfBin[bin] = Math.trunc(NOTES * (octave - Math.floor(octave)))
}

/** Hamming window, which also scales 16-bit samples to -1..1; rounded to float32 as in Chromaprint. */
const hamming = Float64Array.from({ length: FFT_SIZE }, (_, index) =>
  Math.fround((0.54 - 0.46 * Math.cos((index * 2 * Math.PI) / (FFT_SIZE - 1))) / 32_767),
)

const fft = new RealFft(FFT_SIZE)
const windowed = new Float64Array(FFT_SIZE)
const energies = new Float64Array(FFT_SIZE / 2)

/** Writes the energy of each of the twelve notes in a window of 4096 samples to `notes`. */
export function chromaOf(samples: Int16Array, notes: Float64Array): void {
  for (let index = 0; index < FFT_SIZE; index++) {
    windowed[index] = Math.fround((samples[index] as number) * (hamming[index] as number))
  }
  fft.energiesOf(windowed, { firstBin, endBin }, energies)
  notes.fill(0)
  for (let bin = firstBin; bin < endBin; bin++) {
    const note = noteOfBin[bin] as number
    notes[note] = (notes[note] as number) + (energies[bin] as number)
  }
}
