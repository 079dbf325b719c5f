/**
 * Real FFT of a fixed size, a power of two. Even and odd samples are transformed as one complex signal of half the
 * length (radix-2, Cooley and Tukey 1965).
 */
export class RealFft {
  readonly size: number
  /** cos and -sin of k * 2 pi / size. The complex transform uses every second entry, the unfolding step uses all. */
  readonly #cosines: Float64Array
  readonly #sines: Float64Array
  readonly #reversed: Uint16Array
  readonly #real: Float64Array
  readonly #imaginary: Float64Array

  constructor(size: number) {
    const half = size / 2
    this.size = size
    this.#cosines = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size))
    this.#sines = Float64Array.from({ length: half }, (_, k) => -Math.sin((2 * Math.PI * k) / size))
    this.#reversed = Uint16Array.from({ length: half }, (_, index) => reversedBits(index, Math.log2(half)))
    this.#real = new Float64Array(half)
    this.#imaginary = new Float64Array(half)
  }

  /**
   * Writes the energies (squared magnitudes) of the bins from `firstBin` (inclusive) to `endBin` (exclusive) of the
   * spectrum of `size` real samples to the same indexes of `energies`. Bins range from 1 to size / 2 - 1.
   */
  energiesOf(
    samples: Float64Array,
    { firstBin, endBin }: { firstBin: number; endBin: number },
    energies: Float64Array,
  ): void {
    const half = this.size / 2
    this.#load(samples)
    for (let width = 2; width < half; width *= 2) this.#combine(width)
    const real = this.#real
    const imaginary = this.#imaginary
    for (let k = firstBin; k < endBin; k++) {
      const mirror = half - k
      const realA = real[k] as number
      const imaginaryA = imaginary[k] as number
      const realB = real[mirror] as number
      const imaginaryB = imaginary[mirror] as number
      const evenReal = realA + realB
      const evenImaginary = imaginaryA - imaginaryB
      const oddReal = imaginaryA + imaginaryB
      const oddImaginary = realB - realA
      const cosine = this.#cosines[k] as number
      const sine = this.#sines[k] as number
      const x = evenReal + oddReal * cosine - oddImaginary * sine
      const y = evenImaginary + oddReal * sine + oddImaginary * cosine
      energies[k] = (x * x + y * y) / 4
    }
  }

  /** Bit-reversal permutation and the first butterflies, whose factor is 1. */
  #load(samples: Float64Array): void {
    const real = this.#real
    const imaginary = this.#imaginary
    for (let k = 0; k < real.length; k += 2) {
      const a = 2 * (this.#reversed[k] as number)
      const b = 2 * (this.#reversed[k + 1] as number)
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
  #combine(width: number): void {
    const half = this.size / 2
    const step = half / width
    const real = this.#real
    const imaginary = this.#imaginary
    for (let k = 0; k < width; k++) {
      const cosine = this.#cosines[k * step] as number
      const sine = this.#sines[k * step] as number
      for (let a = k; a < half; a += 2 * width) {
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
}

function reversedBits(index: number, bits: number): number {
  let mirror = 0
  for (let bit = 0; bit < bits; bit++) mirror |= ((index >> bit) & 1) << (bits - 1 - bit)
  return mirror
}
