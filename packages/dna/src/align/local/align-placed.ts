import { alignPlacedWindows, type FrameAlignment, withFurther } from '../frames/align-frames.ts'
import type { QueryLine } from '../frames/line-support.ts'
import type { PlacedTransform } from '../frames/picture-transforms.ts'
import { isOtherSpeed, type Line } from '../lines/hough-peaks.ts'
import type { TrackSegment } from '../segments/segment.ts'
import { refMsOn } from '../segments/segment-geometry.ts'
import { followedTransforms, type PlacedVideos, placedTransforms } from './placed-windows.ts'

/** A moving window is followed along lines that are this much earlier and later as well. */
const CONTROL_MS = 3000
/** Share of its evidence that it may have there. */
const CONTROL_SHARE = 0.3
/** Lines that are nearer show the same moments. */
const SAME_LINE_MS = 1500
/** Speeds that differ by this share are the same. */
const SPEED_SHARE = 0.05

type Videos = PlacedVideos & { readonly audio: readonly TrackSegment[] }

/** Aligns windows in which keypoints locate the reference's picture: some that stay where they are, and one that moves. */
export function alignPlaced(videos: Videos): FrameAlignment {
  const { line } = videos.local
  const still = atSpeedOf(line, aligned(placedTransforms(videos), videos))
  return line ? withFurther(still, followAlong(line, videos)) : still
}

/** The segments at normal speed, and those at the speed of the keypoints. A camera that pans agrees at others as well. */
function atSpeedOf(line: Line | null, found: FrameAlignment): FrameAlignment {
  const speeds = speedsOf(line)
  return only(found, ({ rate }) => speeds.some((speed) => Math.abs(rate / speed - 1) <= SPEED_SHARE))
}

function speedsOf(line: Line | null): number[] {
  return line && isOtherSpeed(line.rate) ? [1, line.rate] : [1]
}

/** The segments that are proven, and what they rest on. */
function only(found: FrameAlignment, isProven: (segment: TrackSegment) => boolean): FrameAlignment {
  const segments = found.segments.filter(isProven)
  return { segments, aligned: segments.length > 0 ? found.aligned : [] }
}

/**
 * Aligns a window that moves. It is cut where the reference shows the same, so a moving camera makes it agree along any line
 * along which it is followed. Its evidence counts only on the line itself, and if the other lines lead there or nowhere.
 */
function followAlong(line: Line, videos: Videos): FrameAlignment {
  const found = only(followed(line, videos), (segment) => !segment.isStatic && isOn(line, segment))
  if (found.segments.length === 0) return found
  const controls = [-CONTROL_MS, CONTROL_MS].flatMap(
    (shiftMs) => followed({ ...line, offsetMs: line.offsetMs + shiftMs }, videos).segments,
  )
  return only(found, (segment) =>
    controls.every(
      (control) => control.evidence < CONTROL_SHARE * segment.evidence || isOn(lineOf(segment), control),
    ),
  )
}

function followed(line: Line, videos: Videos): FrameAlignment {
  return aligned(followedTransforms(videos, line), videos)
}

function aligned(
  transforms: readonly PlacedTransform[],
  { timelines, audio, local }: Videos,
): FrameAlignment {
  return alignPlacedWindows(transforms, { ...timelines, audio, speeds: speedsOf(local.line) })
}

function lineOf(segment: TrackSegment): QueryLine {
  return { rate: segment.rate, offsetMs: refMsOn(segment, 0) }
}

/** Whether both ends of a segment are near a line. */
function isOn(
  { rate, offsetMs }: QueryLine,
  { queryStartMs, queryEndMs, refStartMs, refEndMs }: TrackSegment,
): boolean {
  const offMs = [refStartMs - rate * queryStartMs - offsetMs, refEndMs - rate * queryEndMs - offsetMs]
  return offMs.every((ms) => Math.abs(ms) <= SAME_LINE_MS)
}
