import { MAX_BINS_APART, MAX_SPECTRA_APART, nextPartner } from '../audio/landmarks.ts'
import { PEAK_BINS, SPECTRUM_MS, type SpectralPeaks } from '../audio/spectral-peaks.ts'
import type { AudioTrack, Fingerprint } from '../fingerprint/fingerprint.ts'
import { spread } from './spread.ts'
import type { TimedKeys } from './timed-keys.ts'

/** Later peaks that are combined with each peak, two at a time. */
const PARTNERS = 5
/** One key in this number is in the index: some ten a second of music, seven of film. */
const CHOSEN_OF = 24
/** Values of the distance of a partner in frequency, and in time with a spectrum more or less. */
const FREQUENCIES = 2 * MAX_BINS_APART + 1
const TIMES = MAX_SPECTRA_APART + 2
/**
 * What is added to a key if either partner comes a spectrum too early or too late, as the same sound at another phase of the
 * spectra does. The query is probed with all of these, so that it finds 1.6 times as many keys without a further stored byte.
 */
const JITTER = [-1, 0, 1].flatMap((one) => [-1, 0, 1].map((other) => one * FREQUENCIES * TIMES + other))
/** Sound whose keys are one row of the index, in milliseconds. */
const ROW_MS = 5000
/** Sound after 24 hours is ignored. */
const MAX_MS = 86_400_000
/** Most rows of a query that are looked up: five minutes. */
const MAX_QUERY_ROWS = 60

/**
 * The landmarks of a stored video that the candidate index contains, of five seconds each. A key consists of the frequency of
 * a spectral peak and of its distances to two later ones, in frequency and time. Three peaks that stay where they are prove
 * far more than two, so a few of them suffice, and the same few are chosen on both sides. Source: pairs of peaks, Wang, ISMIR
 * 2003; of three, Six and Leman, Panako, ISMIR 2014.
 */
export function landmarkKeysOf({ audio }: Fingerprint): TimedKeys[] {
  return audio ? rowsOf(audio, [0]) : []
}

/** The landmarks with which a query probes the candidate index: of stretches spread over its length. */
export function queryLandmarkKeysOf({ audio }: Fingerprint): TimedKeys[] {
  return audio ? spread(rowsOf(audio, JITTER), MAX_QUERY_ROWS) : []
}

function rowsOf({ startMs, peaks }: AudioTrack, jitter: readonly number[]): TimedKeys[] {
  if (!peaks) return []
  const rows = new Map<number, Set<number>>()
  for (const { spectrum, key } of landmarksIn(peaks)) {
    const timeMs = startMs + spectrum * SPECTRUM_MS
    // Peaks of a fingerprint that claims more are ignored, as they are when it is aligned.
    if (!(timeMs <= MAX_MS)) break
    for (const change of jitter) {
      if (!isChosen(key + change)) continue
      const row = Math.max(0, Math.floor(timeMs / ROW_MS))
      rows.set(row, (rows.get(row) ?? new Set()).add(key + change))
    }
  }
  return [...rows].map(([row, keys]) => ({ timeMs: row * ROW_MS, keys: [...keys] }))
}

type Landmark = { readonly spectrum: number; readonly key: number }

/** The landmarks of a spectrogram, by time. */
function* landmarksIn(peaks: SpectralPeaks): Generator<Landmark> {
  for (let first = 0; first < peaks.bins.length; first++) {
    const spectrum = peaks.spectra[first] as number
    const bin = Math.min(peaks.bins[first] as number, PEAK_BINS - 1)
    const partners = partnersOf(peaks, first)
    for (let one = 0; one < partners.length; one++)
      for (let other = one + 1; other < partners.length; other++) {
        const [a, b] = [partners[one] as Partner, partners[other] as Partner]
        // A tone that goes on has peaks of one frequency, everywhere.
        if (a.binsApart === 0 || b.binsApart === 0 || a.binsApart === b.binsApart) continue
        yield { spectrum, key: (bin * FREQUENCIES * TIMES + numberOf(a)) * FREQUENCIES * TIMES + numberOf(b) }
      }
  }
}

/** A later peak, relative to an earlier one. */
type Partner = { readonly binsApart: number; readonly spectraApart: number }

/** The next few peaks near a peak, by time. */
function partnersOf(peaks: SpectralPeaks, first: number): Partner[] {
  const { spectra, bins } = peaks
  const partners: Partner[] = []
  let other = nextPartner(peaks, first, first)
  while (other >= 0 && partners.length < PARTNERS) {
    const binsApart = (bins[other] as number) - (bins[first] as number)
    partners.push({ binsApart, spectraApart: (spectra[other] as number) - (spectra[first] as number) })
    other = nextPartner(peaks, first, other)
  }
  return partners
}

/** The distances of a partner as one number, such that the jitter never changes the part of another distance. */
function numberOf({ binsApart, spectraApart }: Partner): number {
  return (binsApart + MAX_BINS_APART) * TIMES + spectraApart
}

/** A multiplicative hash, so that the choice favours no frequency (Knuth, The Art of Computer Programming, volume 3, 6.4). */
function isChosen(key: number): boolean {
  return Math.imul(key, 0x9e3779b1) >>> 0 < 2 ** 32 / CHOSEN_OF
}
