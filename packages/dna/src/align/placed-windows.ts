import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { MIRRORED } from '../hash/orientation.ts'
import { frameEngine } from '../picture/frame-engine.ts'
import type { KeptFrames } from '../picture/frame-keeper.ts'
import { areaOf, FRAME_PIXELS, FRAME_SIDE, type Rect, sharesOf } from '../picture/rect.ts'
import { RunMerger } from '../picture/run-merger.ts'
import { displayedSize, type JointPlacement, type LocalAlignment } from './align-local.ts'
import { frameTimelineOf } from './frame-timeline.ts'
import type { Line } from './hough-peaks.ts'
import {
  type FrameTimelines,
  type PictureTransform,
  TRANSFORM_SHARE,
  type ViewTimeline,
  windowTransform,
} from './picture-transforms.ts'
import type { Box } from './segment.ts'

/** A placement rests on at least this many keypoints. */
const MIN_INLIERS = 8
/** Number of placements that are tried, and of stored crops of each, the largest that the query shows. */
const MAX_PLACEMENTS = 2
const MAX_CROPS = 2
/** A moving window is followed if it shows a stored view in at least this many frames. */
const MIN_FOLLOWED = 8
/** A view may extend beyond the query's frame by this share of its shorter side. */
const MAX_BEYOND = 0.06
/** Windows with fewer pixels on a side show too little. */
const MIN_PIXELS = 24
/** Corners of two placements that are nearer, in pixels of the reference, make no difference to a hash. */
const SAME_PIXELS = 4
/** Smaller turns, in degrees, cost a hash nothing. */
const MIN_DEGREES = 1

/** The part of a query's frame, in pixels, that shows a stored view, and by how many degrees that is turned. */
type Position = { readonly rect: Rect; readonly degrees: number }

/** A stored view, and where it is in each of the kept frames; null in those that do not show it. */
type PlacedView = {
  readonly stored: ViewTimeline
  readonly positions: readonly (Position | null)[]
  readonly mirrored: boolean
}

/** Width over height of both frames as displayed. */
type Aspects = { readonly query: number; readonly ref: number }

/** Two videos, and what their keypoints tell. */
export type PlacedVideos = {
  readonly query: Fingerprint
  readonly ref: Fingerprint
  readonly timelines: { readonly query: FrameTimelines; readonly ref: FrameTimelines }
  readonly local: LocalAlignment
}

/**
 * The windows of a query that show stored views of a reference according to their keypoints, as transforms to align. Their
 * frames are hashed now: only the reference tells where to cut. A hash of exactly the same part resembles the stored one
 * far more than that of any fixed window, and moves as it does, which tells a copy from another take of the scene.
 * None without the frames of the query.
 */
export function placedTransforms({ query, ref, timelines, local }: PlacedVideos): PictureTransform[] {
  const { keptFrames } = query
  const aspects = aspectsOf(query, ref)
  if (!keptFrames || !aspects) return []
  return differentOf(local.placements(), aspects).flatMap((placement) =>
    viewsShown(timelines.ref, placement, aspects).map(({ stored, position }) => {
      const positions = Array.from(keptFrames.timeMs, () => position)
      return transformOf(query, keptFrames, { stored, positions, mirrored: placement.mirrored })
    }),
  )
}

/**
 * The same for a window that moves, if the videos agree on a line. What it shows is moved to where the reference shows it, so
 * it follows the camera of the reference along any line. It proves something only if that is not so.
 */
export function followedTransform(
  { query, ref, timelines, local }: PlacedVideos,
  line: Line,
): PictureTransform | null {
  const { keptFrames } = query
  const aspects = aspectsOf(query, ref)
  if (!keptFrames || !aspects) return null
  const view = followedView(timelines.ref, local.placementsAt(line, keptFrames.timeMs), aspects)
  return view && transformOf(query, keptFrames, view)
}

function aspectsOf({ local }: Fingerprint, ref: Fingerprint): Aspects | null {
  return local && ref.local ? { query: local.aspect, ref: ref.local.aspect } : null
}

function transformOf(query: Fingerprint, frames: KeptFrames, view: PlacedView): PictureTransform {
  const window = timelineOf(frames, view, query)
  const orientation = view.mirrored ? MIRRORED : null
  // Keypoints have found the part, so no other parts were tried.
  return windowTransform({ window, stored: view.stored, orientation }, view.mirrored ? TRANSFORM_SHARE : 1)
}

/** The likeliest placements that differ. */
function differentOf(placements: readonly JointPlacement[], aspects: Aspects): JointPlacement[] {
  const likely = placements.filter(({ inliers }) => inliers >= MIN_INLIERS)
  return likely
    .filter((one, i) => !likely.slice(0, i).some((other) => isSamePlacement(one, other, aspects)))
    .slice(0, MAX_PLACEMENTS)
}

/** Whether two placements show the corners of a picture at the same points of the query. */
function isSamePlacement(a: JointPlacement, b: JointPlacement, aspects: Aspects): boolean {
  if (a.mirrored !== b.mirrored) return false
  const { width, height } = displayedSize(aspects.ref)
  const apart = (x: number, y: number) =>
    Math.max(
      Math.abs((a.fit.a - b.fit.a) * x - (a.fit.b - b.fit.b) * y + a.fit.left - b.fit.left),
      Math.abs((a.fit.b - b.fit.b) * x + (a.fit.a - b.fit.a) * y + a.fit.top - b.fit.top),
    )
  return Math.max(apart(0, 0), apart(width, height)) <= SAME_PIXELS * Math.max(a.fit.a, b.fit.a)
}

/** The whole picture if it is within the query's frame, or the largest stored crops that are. */
function viewsShown(
  { whole, crops, windowCrops }: FrameTimelines,
  placement: JointPlacement,
  aspects: Aspects,
): { stored: ViewTimeline; position: Position }[] {
  const shown = (stored: ViewTimeline) => {
    const position = positionOf(stored, placement, aspects)
    return position ? [{ stored, position }] : []
  }
  const all = shown(whole)
  if (all.length > 0) return all
  return [...crops.values(), ...windowCrops]
    .flatMap(shown)
    .sort((a, b) => areaOf(b.position.rect) - areaOf(a.position.rect))
    .slice(0, MAX_CROPS)
}

/** The stored view that a moving window shows most of, over all frames; null if that is in too few of them. */
function followedView(
  { whole, crops, windowCrops }: FrameTimelines,
  placements: readonly (JointPlacement | null)[],
  aspects: Aspects,
): PlacedView | null {
  const mirrored = placements.some((placement) => placement?.mirrored)
  let [best, most]: [PlacedView | null, number] = [null, 0]
  for (const stored of [whole, ...crops.values(), ...windowCrops]) {
    const positions = placements.map((placement) => placement && positionOf(stored, placement, aspects))
    const shown = positions.filter((position) => position !== null)
    const area = shown.reduce((sum, { rect }) => sum + areaOf(rect), 0)
    if (shown.length >= MIN_FOLLOWED && area > most) [best, most] = [{ stored, positions, mirrored }, area]
  }
  return best
}

/** Where the query shows a stored view; null if its frame does not show all of it. */
function positionOf(
  { box }: ViewTimeline,
  { fit, mirrored }: JointPlacement,
  aspects: Aspects,
): Position | null {
  const [querySize, refSize] = [displayedSize(aspects.query), displayedSize(aspects.ref)]
  const { left, top, right, bottom } = box ?? WHOLE
  const [x, y] = [((left + right) / 2) * refSize.width, ((top + bottom) / 2) * refSize.height]
  const across = (fit.a * x - fit.b * y + fit.left) / querySize.width
  const middle = {
    x: mirrored ? 1 - across : across,
    y: (fit.b * x + fit.a * y + fit.top) / querySize.height,
  }
  const scale = Math.hypot(fit.a, fit.b)
  const half = {
    x: ((right - left) * refSize.width * scale) / querySize.width / 2,
    y: ((bottom - top) * refSize.height * scale) / querySize.height / 2,
  }
  const rect = {
    left: FRAME_SIDE * (middle.x - half.x),
    top: FRAME_SIDE * (middle.y - half.y),
    right: FRAME_SIDE * (middle.x + half.x),
    bottom: FRAME_SIDE * (middle.y + half.y),
  }
  const degrees = (Math.atan2(fit.b, fit.a) * 180) / Math.PI
  return isShown(rect) ? { rect: clip(rect), degrees: mirrored ? -degrees : degrees } : null
}

const WHOLE: Box = { left: 0, top: 0, right: 1, bottom: 1 }

function isShown({ left, top, right, bottom }: Rect): boolean {
  const side = Math.min(right - left, bottom - top)
  const beyond = Math.max(-left, -top, right - FRAME_SIDE, bottom - FRAME_SIDE)
  return side >= MIN_PIXELS && beyond <= MAX_BEYOND * side
}

function clip({ left, top, right, bottom }: Rect): Rect {
  return {
    left: Math.max(0, left),
    top: Math.max(0, top),
    right: Math.min(FRAME_SIDE, right),
    bottom: Math.min(FRAME_SIDE, bottom),
  }
}

/** The hashes of a part of the kept frames. Its box is where it is in the middle frame. */
function timelineOf(
  { intervalMs, timeMs, pixels }: KeptFrames,
  { positions }: PlacedView,
  { local, durationSeconds }: Fingerprint,
): ViewTimeline {
  const merger = new RunMerger({ maxMs: 0 })
  const aspect = local?.aspect ?? 1
  for (const [i, position] of positions.entries()) {
    if (!position) continue
    frameEngine.load(pixels.subarray(i * FRAME_PIXELS, (i + 1) * FRAME_PIXELS))
    const options = { withBitErrorRates: false }
    const hashed =
      Math.abs(position.degrees) < MIN_DEGREES
        ? frameEngine.hash(position.rect, options)
        : frameEngine.hashRotated(position.rect, { degrees: position.degrees, aspect, ...options })
    merger.push({ timeMs: timeMs[i] as number, ...hashed })
  }
  const shown = positions.filter((position) => position !== null)
  const middle = shown[shown.length >> 1]
  const timeline = frameTimelineOf({ intervalMs, ...merger.runs() }, durationSeconds)
  return { ...timeline, box: middle ? sharesOf(middle.rect) : null }
}
