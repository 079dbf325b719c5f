import type { SpectralPeaks } from './spectral-peaks.ts'

/** Number of later peaks that each peak is paired with. */
const PARTNERS = 3
/** Largest distance in time, in spectra (1.1 s). */
const MAX_SPECTRA_APART = 48
/** Largest distance in frequency, in bins (646 Hz). */
const MAX_BINS_APART = 30

/** Weights of the three parts of a key. Each part can change by one without reaching the next. */
export const KEY_STEPS = { bin: 1 << 12, binsApart: 1 << 6, spectraApart: 1 } as const
/** Keys are smaller than this: 20 bits. */
export const KEYS = 1 << 20

/**
 * Pairs of nearby spectral peaks, by time. The key of a pair consists of the first peak's frequency and of the distance
 * between both in frequency and in time, so it is the same wherever in a video the sound occurs.
 */
export type Landmarks = {
  readonly size: number
  readonly keys: Uint32Array
  /** Index of the first peak of each pair. */
  readonly peaks: Uint32Array
}

/** Returns each peak paired with the next few that are near. Source: Wang, ISMIR 2003; Ellis, audfprint, 2014. */
export function landmarksOf({ spectra, bins }: SpectralPeaks): Landmarks {
  const keys = new Uint32Array(PARTNERS * bins.length)
  const peaks = new Uint32Array(PARTNERS * bins.length)
  let size = 0
  for (let first = 0; first < bins.length; first++) {
    const bin = bins[first] as number
    const spectrum = spectra[first] as number
    for (let other = first + 1, left = PARTNERS; other < bins.length && left > 0; other++) {
      const spectraApart = (spectra[other] as number) - spectrum
      if (spectraApart > MAX_SPECTRA_APART) break
      const binsApart = (bins[other] as number) - bin
      if (spectraApart === 0 || Math.abs(binsApart) > MAX_BINS_APART) continue
      keys[size] =
        (bin + 1) * KEY_STEPS.bin + (binsApart + MAX_BINS_APART + 1) * KEY_STEPS.binsApart + spectraApart
      peaks[size++] = first
      left--
    }
  }
  return { size, keys: keys.subarray(0, size), peaks: peaks.subarray(0, size) }
}
