import { type Landmarks, landmarksOf } from '../../audio/landmarks.ts'
import { SPECTRUM_MS } from '../../audio/spectral-peaks.ts'
import { type Fingerprint, usableDurationMs } from '../../fingerprint/fingerprint.ts'
import { remembered } from '../lines/remembered.ts'

/** Audio after 24 hours is ignored: limits memory for fingerprints that claim more. */
const MAX_SPECTRA = 86_400_000 / SPECTRUM_MS

/** The landmarks of a fingerprint's audio, in time. */
export type LandmarkTimeline = {
  readonly startMs: number
  readonly durationMs: number
  /** The spectrum of each peak. */
  readonly spectra: Uint32Array
  readonly landmarks: Landmarks
}

/** Returns the landmarks of a fingerprint, ready for alignment; null if it has none. */
export function landmarkTimelineOf({ audio, durationSeconds }: Fingerprint): LandmarkTimeline | null {
  if (!audio?.peaks) return null
  const end = audio.peaks.spectra.findIndex((spectrum) => spectrum >= MAX_SPECTRA)
  const spectra = audio.peaks.spectra.subarray(0, end < 0 ? undefined : end)
  const landmarks = landmarksOf({ spectra, bins: audio.peaks.bins.subarray(0, spectra.length) })
  if (landmarks.size === 0) return null
  return {
    startMs: Number.isFinite(audio.startMs) ? audio.startMs : 0,
    durationMs: usableDurationMs(durationSeconds),
    spectra,
    landmarks,
  }
}

/** The same for a query. */
export const rememberedTimelineOf = remembered(landmarkTimelineOf)

/** Number of spectra from the first to the last peak. */
export function spectraSpanned({ spectra }: LandmarkTimeline): number {
  return (spectra[spectra.length - 1] ?? 0) - (spectra[0] ?? 0) + 1
}

/** Time of a peak in milliseconds. */
export function peakMs({ startMs, spectra }: LandmarkTimeline, peak: number): number {
  return startMs + (spectra[peak] as number) * SPECTRUM_MS
}
