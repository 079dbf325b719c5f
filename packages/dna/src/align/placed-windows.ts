import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { MIRRORED } from '../hash/orientation.ts'
import { frameEngine } from '../picture/frame-engine.ts'
import type { KeptFrames } from '../picture/frame-keeper.ts'
import { FRAME_PIXELS, FRAME_SIDE, type Rect } from '../picture/rect.ts'
import { RunMerger } from '../picture/run-merger.ts'
import { displayedSize, type JointPlacement } from './align-local.ts'
import { frameTimelineOf } from './frame-timeline.ts'
import {
  type FrameTimelines,
  type PictureTransform,
  type ViewTimeline,
  windowTransform,
} from './picture-transforms.ts'
import type { Box } from './segment.ts'

/** A placement rests on at least this many keypoints. */
const MIN_INLIERS = 8
/** Number of placements that are tried, and of stored views of each, the largest that the query shows. */
const MAX_PLACEMENTS = 2
const MAX_VIEWS = 2
/** A view may extend beyond the query's frame by this share of its shorter side. */
const MAX_BEYOND = 0.06
/** Windows with fewer pixels on a side show too little. */
const MIN_PIXELS = 24
/** Corners of two placements that are nearer, in pixels of the reference, make no difference to a hash. */
const SAME_PIXELS = 4
/** Smaller turns, in degrees, cost a hash nothing. */
const MIN_DEGREES = 1

/** The part of a query's frame, in pixels, that shows a stored view, and by how many degrees that is turned. */
type PlacedView = { readonly stored: ViewTimeline; readonly rect: Rect; readonly degrees: number }

/**
 * The windows of a query that show stored views of a reference according to their keypoints, as transforms to align. Their
 * frames are hashed now: only the reference tells where to cut. A hash of exactly the same part resembles the stored one
 * far more than that of any fixed window, and moves as it does, which tells a copy from another take of the scene.
 * None without the frames of the query.
 */
export function placedTransforms(
  query: Fingerprint,
  ref: Fingerprint,
  { views, placements }: { readonly views: FrameTimelines; readonly placements: readonly JointPlacement[] },
): PictureTransform[] {
  const { keptFrames, local } = query
  if (!keptFrames || !local || !ref.local) return []
  const aspects = { query: local.aspect, ref: ref.local.aspect }
  const likely = placements.filter(({ inliers }) => inliers >= MIN_INLIERS)
  return likely
    .filter(
      (one, i) =>
        !likely.slice(0, i).some((other) => isSamePlacement(one, other, displayedSize(aspects.ref))),
    )
    .slice(0, MAX_PLACEMENTS)
    .flatMap((placement) =>
      placedViews(placement, views, aspects).map((view) =>
        windowTransform({
          window: timelineOf(keptFrames, view, query),
          stored: view.stored,
          orientation: placement.mirrored ? MIRRORED : null,
        }),
      ),
    )
}

/** Whether two placements show the corners of a picture at the same points of the query. */
function isSamePlacement(
  a: JointPlacement,
  b: JointPlacement,
  { width, height }: { readonly width: number; readonly height: number },
): boolean {
  if (a.mirrored !== b.mirrored) return false
  const apart = (x: number, y: number) =>
    Math.max(
      Math.abs((a.fit.a - b.fit.a) * x - (a.fit.b - b.fit.b) * y + a.fit.left - b.fit.left),
      Math.abs((a.fit.b - b.fit.b) * x + (a.fit.a - b.fit.a) * y + a.fit.top - b.fit.top),
    )
  return Math.max(apart(0, 0), apart(width, height)) <= SAME_PIXELS * Math.max(a.fit.a, b.fit.a)
}

/** The whole picture if it is within the query's frame, or the largest stored crops that are. */
function placedViews(
  placement: JointPlacement,
  { whole, crops, windowCrops }: FrameTimelines,
  aspects: Aspects,
): PlacedView[] {
  const shown = shownViews([whole], placement, aspects)
  if (shown.length > 0) return shown
  return shownViews([...crops.values(), ...windowCrops], placement, aspects)
    .sort((a, b) => areaOf(b.rect) - areaOf(a.rect))
    .slice(0, MAX_VIEWS)
}

/** Width over height of both frames as displayed. */
type Aspects = { readonly query: number; readonly ref: number }

/** The views that are within the query's frame. */
function shownViews(
  views: readonly ViewTimeline[],
  { fit, mirrored }: JointPlacement,
  aspects: Aspects,
): PlacedView[] {
  const [querySize, refSize] = [displayedSize(aspects.query), displayedSize(aspects.ref)]
  const scale = Math.hypot(fit.a, fit.b)
  const degrees = (Math.atan2(fit.b, fit.a) * 180) / Math.PI
  return views.flatMap((stored): PlacedView[] => {
    const { left, top, right, bottom } = stored.box ?? WHOLE
    const [x, y] = [((left + right) / 2) * refSize.width, ((top + bottom) / 2) * refSize.height]
    const middle = {
      x: (fit.a * x - fit.b * y + fit.left) / querySize.width,
      y: (fit.b * x + fit.a * y + fit.top) / querySize.height,
    }
    const half = {
      x: ((right - left) * refSize.width * scale) / querySize.width / 2,
      y: ((bottom - top) * refSize.height * scale) / querySize.height / 2,
    }
    const shown = mirrored ? { ...middle, x: 1 - middle.x } : middle
    const rect = {
      left: FRAME_SIDE * (shown.x - half.x),
      top: FRAME_SIDE * (shown.y - half.y),
      right: FRAME_SIDE * (shown.x + half.x),
      bottom: FRAME_SIDE * (shown.y + half.y),
    }
    return isShown(rect) ? [{ stored, rect: clip(rect), degrees: mirrored ? -degrees : degrees }] : []
  })
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

function areaOf({ left, top, right, bottom }: Rect): number {
  return (right - left) * (bottom - top)
}

/** The hashes of a part of the kept frames. */
function timelineOf(
  { intervalMs, timeMs, pixels }: KeptFrames,
  { rect, degrees }: PlacedView,
  { local, durationSeconds }: Fingerprint,
): ViewTimeline {
  const merger = new RunMerger({ maxMs: 0 })
  const aspect = local?.aspect ?? 1
  for (const [i, ms] of timeMs.entries()) {
    frameEngine.load(pixels.subarray(i * FRAME_PIXELS, (i + 1) * FRAME_PIXELS))
    const options = { withBitErrorRates: false }
    const hashed =
      Math.abs(degrees) < MIN_DEGREES
        ? frameEngine.hash(rect, options)
        : frameEngine.hashRotated(rect, { degrees, aspect, ...options })
    merger.push({ timeMs: ms, ...hashed })
  }
  return { ...frameTimelineOf({ intervalMs, ...merger.runs() }, durationSeconds), box: boxOf(rect) }
}

function boxOf({ left, top, right, bottom }: Rect): Box {
  const share = (side: number) => side / FRAME_SIDE
  return { left: share(left), top: share(top), right: share(right), bottom: share(bottom) }
}
