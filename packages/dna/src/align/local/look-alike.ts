import type { VideoTrack } from '../../fingerprint/fingerprint.ts'
import { nearestBits } from '../frames/frame-pairing.ts'
import { frameTimelineOf, runAtMs } from '../frames/frame-timeline.ts'
import type { Line } from '../lines/hough-peaks.ts'
import type { Placement } from './local-geometry.ts'
import { agreeingShare, type LocalPair, type LocalPairs } from './local-pairs.ts'

/** A picture is shown as it is if it is scaled by at most this share and moved by at most this many pixels. */
const SAME_SCALE = 0.1
const SAME_PIXELS = 16
/** Hashes of a picture that is shown as it is, and not covered, differ in fewer bits at a moment or next to it ... */
const UNCOVERED_BITS = 80
/** ... and then this share of its keypoints agrees in copies: 0.67 to 0.9, but 0.5 for another count of a counter. */
const COPIED_SHARE = 0.6

type Video = { readonly video: VideoTrack; readonly durationSeconds: number }

/**
 * Whether the pictures along a line have the same layout but other details: slides, counters and forms of one kind. Their
 * hashes agree as those of uncovered pictures do, but many of their keypoints do not.
 */
export function isLookAlike(
  compared: LocalPairs,
  { line, pairs, placement }: { line: Line; pairs: readonly LocalPair[]; placement: Placement },
  videos: { readonly query: Video; readonly ref: Video },
): boolean {
  const { scale, left, top } = placement
  if (Math.abs(scale - 1) > SAME_SCALE || Math.max(Math.abs(left), Math.abs(top)) > SAME_PIXELS) return false
  if (mean(pairs.map((pair) => agreeingShare(compared, pair))) >= COPIED_SHARE) return false
  return meanBits(compared, { line, pairs }, videos) < UNCOVERED_BITS
}

function meanBits(
  { rowMs }: LocalPairs,
  { line, pairs }: { line: Line; pairs: readonly LocalPair[] },
  videos: { readonly query: Video; readonly ref: Video },
): number {
  const query = frameTimelineOf(videos.query.video, videos.query.durationSeconds)
  const ref = frameTimelineOf(videos.ref.video, videos.ref.durationSeconds)
  return mean(
    pairs.map(({ row }) => {
      const ms = rowMs[row] as number
      const run = runAtMs(query, ms)
      if (run < 0) return UNCOVERED_BITS
      const [bits, other] = nearestBits({ rows: query, columns: ref }, run, ms * line.rate + line.offsetMs)
      return other < 0 ? UNCOVERED_BITS : bits
    }),
  )
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
