import { SPECTRUM_MS } from '../../audio/spectral-peaks.ts'
import { type LandmarkTimeline, peakMs } from './landmark-timeline.ts'

/** Silence of this length on one side alone means that its audio is missing there, as in audio-gaps.ts. */
const MIN_GAP_MS = 3000
/** Number of peaks a second from which a side is not silent. */
const AUDIBLE_PEAKS = 2

/**
 * Divides the times of matching peaks, in the query, where one side is silent for long and the other is not. Audio that
 * is only masked has peaks on both sides.
 */
export function divideAtSilence(
  query: LandmarkTimeline,
  ref: LandmarkTimeline,
  { offsetMs, hitMs }: { readonly offsetMs: number; readonly hitMs: readonly number[] },
): number[][] {
  const pieces: number[][] = []
  for (const [i, ms] of hitMs.entries()) {
    const piece = pieces[pieces.length - 1]
    const before = hitMs[i - 1]
    if (!piece || before === undefined || isGap(query, ref, { fromMs: before, toMs: ms, offsetMs })) {
      pieces.push([ms])
    } else piece.push(ms)
  }
  return pieces
}

function isGap(
  query: LandmarkTimeline,
  ref: LandmarkTimeline,
  { fromMs, toMs, offsetMs }: { fromMs: number; toMs: number; offsetMs: number },
): boolean {
  if (toMs - fromMs < MIN_GAP_MS) return false
  return (
    silences(query, fromMs, toMs).some(([a, b]) => isAudible(ref, a + offsetMs, b + offsetMs)) ||
    silences(ref, fromMs + offsetMs, toMs + offsetMs).some(([a, b]) =>
      isAudible(query, a - offsetMs, b - offsetMs),
    )
  )
}

/** Stretches without a peak within a range, at least MIN_GAP_MS long. */
function silences(timeline: LandmarkTimeline, fromMs: number, toMs: number): [number, number][] {
  const found: [number, number][] = []
  let last = fromMs
  for (let peak = firstPeakFrom(timeline, fromMs); last < toMs; peak++) {
    const next = peak < timeline.spectra.length ? Math.min(toMs, peakMs(timeline, peak)) : toMs
    if (next - last >= MIN_GAP_MS) found.push([last, next])
    last = next
  }
  return found
}

function isAudible(timeline: LandmarkTimeline, fromMs: number, toMs: number): boolean {
  const peaks = firstPeakFrom(timeline, toMs) - firstPeakFrom(timeline, fromMs)
  return peaks >= (AUDIBLE_PEAKS * (toMs - fromMs)) / 1000
}

function firstPeakFrom({ startMs, spectra }: LandmarkTimeline, ms: number): number {
  const spectrum = (ms - startMs) / SPECTRUM_MS
  let low = 0
  let high = spectra.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((spectra[middle] as number) < spectrum) low = middle + 1
    else high = middle
  }
  return low
}
