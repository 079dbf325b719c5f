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

/** The bins of the spectrum that Chromaprint evaluates: from `FIRST_BIN` (inclusive) to `END_BIN` (exclusive). */
export const FIRST_BIN = Math.max(1, binOf(MIN_FREQUENCY_HZ))
export const END_BIN = Math.min(FFT_SIZE / 2, binOf(MAX_FREQUENCY_HZ))

/** The bin of the spectrum that contains a frequency. */
export function binOf(frequencyHz: number): number {
  return Math.round((FFT_SIZE * frequencyHz) / AUDIO_SAMPLE_RATE)
}

/** Position of a bin within its octave, 0 to 12 (exclusive), in semitones above A. */
export function semitoneOf(bin: number): number {
  const octave = Math.log((bin * AUDIO_SAMPLE_RATE) / FFT_SIZE / BASE_FREQUENCY_HZ) / Math.log(2)
  return NOTES * (octave - Math.floor(octave))
}
