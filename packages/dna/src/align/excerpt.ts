import { ITEM_MS } from '../audio/chromaprint.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { HASH_WORDS } from '../hash/hamming.ts'
import type { FrameRuns } from '../picture/run-merger.ts'

/** A time range in whole milliseconds. */
type TimeRange = { readonly fromMs: number; readonly toMs: number }

/**
 * Returns the fingerprint of a time range as if it were the whole video. Shares arrays with the original where
 * possible.
 */
export function excerptOf(
  { video, views = [], audio }: Fingerprint,
  { fromMs, toMs }: TimeRange,
): Fingerprint {
  const first = audio ? Math.max(0, Math.floor((fromMs - audio.startMs) / ITEM_MS)) : 0
  return {
    durationSeconds: (toMs - fromMs) / 1000,
    video: excerptOfTrack(video, { fromMs, toMs }),
    views: views.map((view) => excerptOfTrack(view, { fromMs, toMs })),
    audio: audio && {
      startMs: audio.startMs + first * ITEM_MS - fromMs,
      items: audio.items.subarray(first, Math.max(first, Math.ceil((toMs - audio.startMs) / ITEM_MS))),
    },
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
