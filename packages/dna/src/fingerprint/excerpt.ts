import { spectraOfItems } from '../audio/audio-variants.ts'
import { ITEM_MS } from '../audio/chromaprint.ts'
import { SPECTRUM_MS, type SpectralPeaks } from '../audio/spectral-peaks.ts'
import { HASH_WORDS } from '../hash/hamming.ts'
import { joinLocalFrames, type LocalTrack, localFramesOf } from '../local/local-track.ts'
import type { KeptFrames } from '../picture/frame-keeper.ts'
import { FRAME_PIXELS } from '../picture/rect.ts'
import type { FrameRuns } from '../picture/run-merger.ts'
import type { AudioTrack, Fingerprint } from './fingerprint.ts'

/** A time range in whole milliseconds. */
type TimeRange = { readonly fromMs: number; readonly toMs: number }

/**
 * Returns the fingerprint of a time range as if it were the whole video. Shares arrays with the original where
 * possible.
 */
export function excerptOf(
  { video, views = [], local, keptFrames, audio }: Fingerprint,
  { fromMs, toMs }: TimeRange,
): Fingerprint {
  return {
    durationSeconds: (toMs - fromMs) / 1000,
    video: excerptOfTrack(video, { fromMs, toMs }),
    views: views.map((view) => excerptOfTrack(view, { fromMs, toMs })),
    ...(local && { local: excerptOfLocal(local, { fromMs, toMs }) }),
    ...(keptFrames && { keptFrames: excerptOfFrames(keptFrames, { fromMs, toMs }) }),
    audio: audio && excerptOfAudio(audio, { fromMs, toMs }),
  }
}

function excerptOfAudio(
  { startMs, items, peaks, spectra }: AudioTrack,
  { fromMs, toMs }: TimeRange,
): AudioTrack {
  const first = Math.max(0, Math.floor((fromMs - startMs) / ITEM_MS))
  const end = Math.max(first, Math.ceil((toMs - startMs) / ITEM_MS))
  const firstMs = first * ITEM_MS
  return {
    startMs: startMs + firstMs - fromMs,
    items: items.subarray(first, end),
    ...(peaks && { peaks: excerptOfPeaks(peaks, { fromMs: firstMs, toMs: toMs - startMs }) }),
    ...(spectra && { spectra: spectraOfItems(spectra, { from: first, to: end }) }),
  }
}

/** Counts the spectra from the one nearest to the start of the range: at most 12 ms off. */
function excerptOfPeaks({ spectra, bins }: SpectralPeaks, { fromMs, toMs }: TimeRange): SpectralPeaks {
  const base = Math.round(fromMs / SPECTRUM_MS)
  let first = 0
  while (first < spectra.length && (spectra[first] as number) < base) first++
  let end = first
  while (end < spectra.length && (spectra[end] as number) * SPECTRUM_MS < toMs) end++
  return {
    spectra: spectra.slice(first, end).map((spectrum) => spectrum - base),
    bins: bins.subarray(first, end),
  }
}

function excerptOfLocal(local: LocalTrack, { fromMs, toMs }: TimeRange): LocalTrack {
  const frames = localFramesOf(local).filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs)
  return joinLocalFrames(
    frames.map((frame) => ({ ...frame, timeMs: frame.timeMs - fromMs })),
    local.aspect,
  )
}

function excerptOfFrames(
  { intervalMs, timeMs, pixels }: KeptFrames,
  { fromMs, toMs }: TimeRange,
): KeptFrames {
  const [first, end] = [fromMs, toMs].map((limit) => timeMs.filter((ms) => ms < limit).length) as [
    number,
    number,
  ]
  return {
    intervalMs,
    timeMs: timeMs.slice(first, end).map((ms) => ms - fromMs),
    pixels: pixels.subarray(first * FRAME_PIXELS, end * FRAME_PIXELS),
  }
}

function excerptOfTrack<T extends FrameRuns>(track: T, { fromMs, toMs }: TimeRange): T {
  const { startMs, lastMs, hashes, quality, bitErrorRates } = track
  let first = 0
  while (first < startMs.length && (lastMs[first] as number) < fromMs) first++
  let end = first
  while (end < startMs.length && (startMs[end] as number) < toMs) end++
  const within = (ms: number) => Math.min(Math.max(ms, fromMs), toMs) - fromMs
  return {
    ...track,
    startMs: startMs.slice(first, end).map(within),
    lastMs: lastMs.slice(first, end).map(within),
    hashes: hashes.subarray(first * HASH_WORDS, end * HASH_WORDS),
    quality: quality.subarray(first, end),
    ...(bitErrorRates && { bitErrorRates: bitErrorRates.slice(first, end) }),
  }
}
