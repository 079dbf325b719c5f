/** Samples in one transform. Source: Chromaprint, kDefaultFrameSize. */
export const FFT_SIZE = 4096

const HALF = FFT_SIZE / 2
const BITS = 11

/** cos and -sin of k * 2 pi / 4096. The complex transform uses every second entry, the unfolding step uses all. */
const cosines = new Float64Array(HALF)
const sines = new Float64Array(HALF)
for (let k = 0; k < HALF; k++) {
  cosines[k] = Math.cos((2 * Math.PI * k) / FFT_SIZE)
  sines[k] = -Math.sin((2 * Math.PI * k) / FFT_SIZE)
}

const reversed = new Uint16Array(HALF)
for (let index = 0; index < HALF; index++) {
  let mirror = 0
  for (let bit = 0; bit < BITS; bit++) mirror |= ((index >> bit) & 1) << (BITS - 1 - bit)
  reversed[index] = mirror
}

const real = new Float64Array(HALF)
const imaginary = new Float64Array(HALF)

/** Bit-reversal permutation and the first butterflies, whose factor is 1. */
function load(samples: Float64Array): void {
  for (let k = 0; k < HALF; k += 2) {
    const a = 2 * (reversed[k] as number)
    const b = 2 * (reversed[k + 1] as number)
    const realA = samples[a] as number
    const realB = samples[b] as number
    const imaginaryA = samples[a + 1] as number
    const imaginaryB = samples[b + 1] as number
    real[k] = realA + realB
    imaginary[k] = imaginaryA + imaginaryB
    real[k + 1] = realA - realB
    imaginary[k + 1] = imaginaryA - imaginaryB
  }
}

/** One round of butterflies of the given width. */
function combine(width: number): void {
  const step = FFT_SIZE / (2 * width)
  for (let k = 0; k < width; k++) {
    const cosine = cosines[k * step] as number
    const sine = sines[k * step] as number
    for (let a = k; a < HALF; a += 2 * width) {
      const b = a + width
      const realB = real[b] as number
      const imaginaryB = imaginary[b] as number
      const rotatedReal = realB * cosine - imaginaryB * sine
      const rotatedImaginary = realB * sine + imaginaryB * cosine
      const realA = real[a] as number
      const imaginaryA = imaginary[a] as number
      real[b] = realA - rotatedReal
      imaginary[b] = imaginaryA - rotatedImaginary
      real[a] = realA + rotatedReal
      imaginary[a] = imaginaryA + rotatedImaginary
    }
  }
}

/**
 * Writes the energies (squared magnitudes) of the bins from `firstBin` (inclusive) to `endBin` (exclusive) of the
 * spectrum of 4096 real samples to the same indexes of `energies`. Bins range from 1 to 2047. Even and odd samples are
 * transformed as one complex signal of half the length (radix-2 FFT, Cooley and Tukey 1965).
 */
export function energiesOf(
  samples: Float64Array,
  range: { firstBin: number; endBin: number },
  energies: Float64Array,
): void {
  load(samples)
  for (let width = 2; width < HALF; width *= 2) combine(width)
  for (let k = range.firstBin; k < range.endBin; k++) {
    const mirror = HALF - k
    const realA = real[k] as number
    const imaginaryA = imaginary[k] as number
    const realB = real[mirror] as number
    const imaginaryB = imaginary[mirror] as number
    const evenReal = realA + realB
    const evenImaginary = imaginaryA - imaginaryB
    const oddReal = imaginaryA + imaginaryB
    const oddImaginary = realB - realA
    const cosine = cosines[k] as number
    const sine = sines[k] as number
    const x = evenReal + oddReal * cosine - oddImaginary * sine
    const y = evenImaginary + oddReal * sine + oddImaginary * cosine
    energies[k] = (x * x + y * y) / 4
  }
}
