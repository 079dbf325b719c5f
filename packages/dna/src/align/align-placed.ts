import { alignPlacedWindows, type FrameAlignment, withFurther } from './align-frames.ts'
import type { Line } from './hough-peaks.ts'
import type { FrameTimelines } from './picture-transforms.ts'
import { followedTransform, type PlacedVideos, placedTransforms } from './placed-windows.ts'
import type { TrackSegment } from './segment.ts'
import { refMsOn } from './segment-geometry.ts'

/** A moving window is followed along lines that are this much earlier and later as well. */
const CONTROL_MS = 3000
/** Share of its evidence that it may have there. */
const CONTROL_SHARE = 0.3

type Videos = {
  readonly placed: PlacedVideos
  readonly query: FrameTimelines
  readonly ref: FrameTimelines
  readonly audio: readonly TrackSegment[]
}

/** Aligns the windows where keypoints place the reference's picture: one that stays where it is, or else one that moves. */
export function alignPlaced(videos: Videos): FrameAlignment {
  const still = alignPlacedWindows(placedTransforms(videos.placed), videos)
  const { line } = videos.placed.local
  return line ? withFurther(still, followAlong(line, videos)) : still
}

/**
 * Aligns a window that moves. It is cut where the reference shows the same, so a moving camera makes it agree along any line
 * along which it is followed. Where it does, its evidence is void.
 */
function followAlong(line: Line, videos: Videos): FrameAlignment {
  const found = followed(line, videos)
  const segments = found.segments.filter(({ isStatic }) => !isStatic)
  if (segments.length === 0) return NOTHING
  const controls = [-CONTROL_MS, CONTROL_MS].map((shiftMs) => {
    const shifted = { ...line, offsetMs: line.offsetMs + shiftMs }
    return { shiftMs, segments: followed(shifted, videos).segments }
  })
  const isVoid = (segment: TrackSegment) =>
    controls.some((control) => control.segments.some((other) => agreesWith(other, segment, control.shiftMs)))
  const proven = segments.filter((segment) => !isVoid(segment))
  return { segments: proven, aligned: proven.length > 0 ? found.aligned : [] }
}

const NOTHING: FrameAlignment = { segments: [], aligned: [] }

function followed(line: Line, videos: Videos): FrameAlignment {
  const transform = followedTransform(videos.placed, line)
  return transform ? alignPlacedWindows([transform], videos) : NOTHING
}

/** Whether a control is as strong as the segment, and nearer to its own line than to that of the segment. */
function agreesWith(control: TrackSegment, segment: TrackSegment, shiftMs: number): boolean {
  if (control.evidence < CONTROL_SHARE * segment.evidence) return false
  const queryMs = (control.queryStartMs + control.queryEndMs) / 2
  const laterMs = refMsOn(control, queryMs) - refMsOn(segment, queryMs)
  return Math.abs(laterMs - shiftMs) < Math.abs(laterMs)
}
