import type { Fingerprint, VideoTrack } from '../fingerprint.ts'
import { HASH_WORDS, hashDistance } from '../match/hamming.ts'
import { BLANK_QUALITY } from '../match/picture-lane.ts'
import { FIRST_QUERY_VIEW } from '../video/query-views.ts'
import type { Probe } from './probe.ts'

/** A frame this long after the last keyframe becomes one, whatever it shows. */
const SPACING_MS = 2000
/** A frame that differs by this many bits from the last keyframe becomes one (unrelated frames: over 96). */
const CHANGE_BITS = 80
/** ... but not sooner than this, so that flicker and fast cuts cannot flood the index. */
const MIN_SPACING_MS = 1000
/** A picture that stands still is entered again after this time. */
const STILL_MS = 10_000

/** Cuts of the picture are entered this seldom, changes or not: there are several of each frame. */
const CUT_SPACING_MS = 10_000

/**
 * The frames that the candidate index holds for a video: one in 2 s, and after changes, and of each cut of the picture
 * one in 10 s; blank ones left out.
 */
export function keyframesOf({ video, views = [] }: Fingerprint): Probe[] {
  const whole = keyframesOfTrack(video, { spacingMs: SPACING_MS, changedMs: MIN_SPACING_MS })
  const storedViews = views.filter(({ cut }) => cut < FIRST_QUERY_VIEW)
  const cuts = { spacingMs: CUT_SPACING_MS, changedMs: CUT_SPACING_MS }
  return [...whole, ...storedViews.flatMap((view) => keyframesOfTrack(view, cuts))]
}

type Spacing = { readonly spacingMs: number; readonly changedMs: number }
type Track = Pick<VideoTrack, 'startMs' | 'lastMs' | 'hashes' | 'quality'>

function keyframesOfTrack(video: Track, { spacingMs, changedMs }: Spacing): Probe[] {
  const keyframes: Probe[] = []
  let lastRun = -1
  let lastMs = Number.NEGATIVE_INFINITY
  for (let run = 0; run < video.startMs.length; run++) {
    if ((video.quality[run] ?? 0) < BLANK_QUALITY || video.hashes.length < (run + 1) * HASH_WORDS) continue
    const startMs = video.startMs[run] as number
    const sinceMs = startMs - lastMs
    const changed =
      lastRun < 0 || hashDistance(video.hashes, run, { b: video.hashes, j: lastRun }) >= CHANGE_BITS
    if (sinceMs < changedMs || (sinceMs < spacingMs && !changed)) continue
    const lastOfRun = Math.max(startMs, Math.min(video.lastMs[run] ?? 0, startMs + 86_400_000))
    for (let timeMs = startMs; timeMs <= lastOfRun; timeMs += STILL_MS) {
      keyframes.push({ timeMs, hash: hashAt(video.hashes, run) })
      lastMs = timeMs
    }
    lastRun = run
  }
  return keyframes
}

function hashAt(hashes: Uint32Array, run: number): Uint32Array {
  return hashes.slice(run * HASH_WORDS, (run + 1) * HASH_WORDS)
}
