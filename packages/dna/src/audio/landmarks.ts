import type { SpectralPeaks } from './spectral-peaks.ts'

/** Number of later peaks that each peak is paired with. */
const PARTNERS = 3
/** Largest distance in time, in spectra (1.1 s). */
export const MAX_SPECTRA_APART = 48
/** Largest distance in frequency, in bins (646 Hz). */
export const MAX_BINS_APART = 30

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
export function landmarksOf(spectrogram: SpectralPeaks): Landmarks {
  const { spectra, bins } = spectrogram
  const keys = new Uint32Array(PARTNERS * bins.length)
  const peaks = new Uint32Array(PARTNERS * bins.length)
  let size = 0
  for (let first = 0; first < bins.length; first++) {
    const bin = bins[first] as number
    const spectrum = spectra[first] as number
    let other = nextPartner(spectrogram, first, first)
    for (let left = PARTNERS; other >= 0 && left > 0; left--) {
      const spectraApart = (spectra[other] as number) - spectrum
      const binsApart = (bins[other] as number) - bin
      keys[size] =
        (bin + 1) * KEY_STEPS.bin + (binsApart + MAX_BINS_APART + 1) * KEY_STEPS.binsApart + spectraApart
      peaks[size++] = first
      other = nextPartner(spectrogram, first, other)
    }
  }
  return { size, keys: keys.subarray(0, size), peaks: peaks.subarray(0, size) }
}

/** The next peak after another one, by time, that is near the first in time and frequency; -1 if there is none. */
export function nextPartner({ spectra, bins }: SpectralPeaks, first: number, after: number): number {
  for (let other = after + 1; other < bins.length; other++) {
    const spectraApart = (spectra[other] as number) - (spectra[first] as number)
    if (spectraApart > MAX_SPECTRA_APART) break
    const binsApart = (bins[other] as number) - (bins[first] as number)
    if (spectraApart !== 0 && Math.abs(binsApart) <= MAX_BINS_APART) return other
  }
  return -1
}
