import type { SeedAlignment } from '../../index/rank-candidates.ts'
import { type FrameAlignment, withFurther } from '../frames/align-frames.ts'
import { joinLocal } from '../segments/join-local.ts'
import type { TrackSegment } from '../segments/segment.ts'
import { suppressRepeats } from '../segments/suppress-repeats.ts'
import { alignLocal } from './align-local.ts'
import { alignPlaced } from './align-placed.ts'
import type { PlacedVideos } from './placed-windows.ts'

type Videos = Omit<PlacedVideos, 'local'> & {
  readonly audio: readonly TrackSegment[]
  readonly seeds: () => readonly SeedAlignment[]
}

type Judge = {
  /** The score of a pair with these segments of pictures. */
  readonly scoreOf: (pictures: readonly TrackSegment[]) => number
  /** From this score on, nothing more is sought. */
  readonly enough: number
}

/**
 * Adds what keypoints prove to what hashes of frames prove, and then what hashes of the windows prove in which keypoints
 * locate the picture. Each costs more than the one before, and is tried only if those do not suffice.
 */
export function withKeypoints(
  byHashes: FrameAlignment,
  { seeds, ...videos }: Videos,
  { scoreOf, enough }: Judge,
): FrameAlignment {
  if (scoreOf(byHashes.segments) >= enough) return byHashes
  const local = alignLocal(videos.query, videos.ref, { seeds })
  // Where hashes are lost, passages cannot be traced by them.
  const byKeypoints =
    local.segments.length > 0
      ? { segments: joinLocal(byHashes.segments, local.segments), aligned: [] }
      : byHashes
  if (scoreOf(byKeypoints.segments) >= enough) return byKeypoints
  const placed = withFurther(byHashes, alignPlaced({ ...videos, local }))
  const byWindows = { ...placed, segments: joinLocal(suppressRepeats(placed.segments), local.segments) }
  return scoreOf(byWindows.segments) > scoreOf(byKeypoints.segments) ? byWindows : byKeypoints
}
