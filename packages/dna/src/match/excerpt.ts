import type { Fingerprint, PictureView } from '../fingerprint.ts'
import { HASH_WORDS } from './hamming.ts'
import { ITEM_MS } from './sound-lane.ts'

/**
 * What a fingerprint says of `fromMs` to `toMs` (whole milliseconds), as if that were all of the video. Arrays are
 * shared with the whole where they can be.
 */
export function excerptOf(
  { video, views = [], audio }: Fingerprint,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Fingerprint {
  const cut = <T extends Omit<PictureView, 'cut'>>(track: T): T => cutTrack(track, { fromMs, toMs })
  const first = audio ? Math.max(0, Math.floor((fromMs - audio.startMs) / ITEM_MS)) : 0
  return {
    durationSeconds: (toMs - fromMs) / 1000,
    video: cut(video),
    views: views.map(cut),
    audio: audio && {
      startMs: audio.startMs + first * ITEM_MS - fromMs,
      items: audio.items.subarray(first, Math.max(first, Math.ceil((toMs - audio.startMs) / ITEM_MS))),
    },
  }
}

function cutTrack<T extends Omit<PictureView, 'cut'>>(
  track: T,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): T {
  const { startMs, lastMs, hashes, quality, doubts } = track
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
    ...(doubts && { doubts: doubts.slice(first, end) }),
  }
}
