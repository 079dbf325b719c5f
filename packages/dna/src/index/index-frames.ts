import { type Fingerprint, isSparseVideo } from '../fingerprint/fingerprint.ts'
import { HASH_WORDS, hashDistance } from '../hash/hamming.ts'
import { BLANK_QUALITY } from '../hash/pdq.ts'
import { FIRST_QUERY_VIEW } from '../picture/query-views.ts'
import type { FrameRuns } from '../picture/run-merger.ts'
import type { TimedHash } from './timed-hash.ts'

/** A frame this long after the last index frame becomes one, even if the picture has not changed. */
const SPACING_MS = 2000
/**
 * A frame that differs in at least this many bits from the last index frame becomes one (unrelated frames: over 96
 * bits) ...
 */
const CHANGE_BITS = 80
/** ... but no sooner than this, so that flicker and fast cuts cannot flood the index. */
const MIN_SPACING_MS = 1000
/** A static picture is indexed again after this time. */
const STATIC_MS = 10_000
/** Crops are indexed at this interval, whether or not the picture changes, because each frame has several. */
const CROP_SPACING_MS = 10_000

const DAY_MS = 86_400_000

/**
 * Times between index frames of a sparse video, of the picture and of each crop. Twice as many rows found two more of
 * 200 pairs of the gauntlet.
 */
const SPARSE_SPACING_MS = 3750
const SPARSE_CROP_SPACING_MS = 60_000

/**
 * Returns the frames of a video that the candidate index contains: one every 2 s and after changes, and one every 10 s
 * for each stored crop. Of a sparse video, it contains one every 4 s, and one a minute for each crop. Blank frames are
 * skipped.
 */
export function indexFramesOf({ video, views = [] }: Fingerprint): TimedHash[] {
  const [picture, crop] = isSparseVideo(video)
    ? [even(SPARSE_SPACING_MS), even(SPARSE_CROP_SPACING_MS)]
    : [{ spacingMs: SPACING_MS, changedMs: MIN_SPACING_MS }, even(CROP_SPACING_MS)]
  const crops = views.filter(({ viewId }) => viewId < FIRST_QUERY_VIEW)
  return [...indexFramesOfTrack(video, picture), ...crops.flatMap((track) => indexFramesOfTrack(track, crop))]
}

/** The same spacing, whether or not the picture changes. */
function even(spacingMs: number): Spacing {
  return { spacingMs, changedMs: spacingMs }
}

type Spacing = { readonly spacingMs: number; readonly changedMs: number }

function indexFramesOfTrack(track: FrameRuns, { spacingMs, changedMs }: Spacing): TimedHash[] {
  const frames: TimedHash[] = []
  let lastRun = -1
  let lastMs = Number.NEGATIVE_INFINITY
  for (let run = 0; run < track.startMs.length; run++) {
    if ((track.quality[run] ?? 0) < BLANK_QUALITY || track.hashes.length < (run + 1) * HASH_WORDS) continue
    const startMs = track.startMs[run] as number
    const sinceMs = startMs - lastMs
    const changed =
      lastRun < 0 || hashDistance(track.hashes, run, { b: track.hashes, j: lastRun }) >= CHANGE_BITS
    if (sinceMs < changedMs || (sinceMs < spacingMs && !changed)) continue
    const lastOfRun = Math.max(startMs, Math.min(track.lastMs[run] ?? 0, startMs + DAY_MS))
    for (let timeMs = startMs; timeMs <= lastOfRun; timeMs += STATIC_MS) {
      frames.push({ timeMs, hash: hashAt(track.hashes, run) })
      lastMs = timeMs
    }
    lastRun = run
  }
  return frames
}

function hashAt(hashes: Uint32Array, run: number): Uint32Array {
  return hashes.slice(run * HASH_WORDS, (run + 1) * HASH_WORDS)
}
