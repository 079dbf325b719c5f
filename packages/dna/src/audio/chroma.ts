import { COMPACT_END_BIN, writeCompact } from './compact-spectrum.ts'
import { RealFft } from './fft.ts'
import { END_BIN, FFT_SIZE, FIRST_BIN, semitoneOf } from './notes.ts'

/** The note, 0 to 11, that each bin of the spectrum belongs to. */
const noteOfBin = new Uint8Array(FFT_SIZE / 2)
for (let bin = FIRST_BIN; bin < END_BIN; bin++) noteOfBin[bin] = Math.trunc(semitoneOf(bin))

/** Hamming window, which also scales 16-bit samples to -1..1; rounded to float32 as in Chromaprint. */
const hamming = Float64Array.from({ length: FFT_SIZE }, (_, index) =>
  Math.fround((0.54 - 0.46 * Math.cos((index * 2 * Math.PI) / (FFT_SIZE - 1))) / 32_767),
)

const fft = new RealFft(FFT_SIZE)
const windowed = new Float64Array(FFT_SIZE)
const energies = new Float64Array(FFT_SIZE / 2)

/**
 * Writes the energy of each of the twelve notes in a window of 4096 samples to `notes`, and its compact spectrum to
 * `compact`, unless that is null.
 */
export function chromaOf(samples: Int16Array, notes: Float64Array, compact: Uint8Array | null): void {
  for (let index = 0; index < FFT_SIZE; index++) {
    windowed[index] = Math.fround((samples[index] as number) * (hamming[index] as number))
  }
  fft.energiesOf(windowed, { firstBin: FIRST_BIN, endBin: compact ? COMPACT_END_BIN : END_BIN }, energies)
  if (compact) writeCompact(energies, compact)
  notes.fill(0)
  for (let bin = FIRST_BIN; bin < END_BIN; bin++) {
    const note = noteOfBin[bin] as number
    notes[note] = (notes[note] as number) + (energies[bin] as number)
  }
}
