import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { MIRRORED } from '../../hash/orientation.ts'
import type { FrameHash } from '../../hash/pdq.ts'
import { WHOLE_BOX } from '../../picture/crops.ts'
import { frameEngine } from '../../picture/frame-engine.ts'
import type { KeptFrames } from '../../picture/frame-keeper.ts'
import { areaOf, FRAME_PIXELS, isSameRectWithin, sharesOf } from '../../picture/rect.ts'
import { RunMerger } from '../../picture/run-merger.ts'
import { frameTimelineOf } from '../frames/frame-timeline.ts'
import type { FrameTimelines, ViewTimeline } from '../frames/frame-timelines.ts'
import { pictureBox } from '../frames/frame-timelines.ts'
import { type PlacedTransform, TRANSFORM_SHARE, windowTransform } from '../frames/picture-transforms.ts'
import type { Line } from '../lines/hough-peaks.ts'
import { displayedSize, type JointPlacement, type LocalAlignment } from './align-local.ts'
import {
  type Aspects,
  clip,
  clipped,
  isSeen,
  isShown,
  type Position,
  positionOf,
  seenBox,
} from './view-position.ts'

/** A placement rests on at least this many keypoints. */
const MIN_INLIERS = 6
/** Number of placements that are tried, and of stored crops of each, the largest that the query shows. */
const MAX_PLACEMENTS = 3
const MAX_CROPS = 2
/** A moving window is followed if it shows a stored view in at least this many frames. */
const MIN_FOLLOWED = 8
/** Corners of two placements that are nearer, in pixels of the reference, make no difference to a hash. */
const SAME_PIXELS = 4
/** Smaller turns, in degrees, cost a hash nothing. */
const MIN_DEGREES = 1
/** A picture is where the query's own is if no side is further away than this share of the frame. */
const SAME_SHARE = 0.08
/** A hash of the whole picture tolerates turns up to this many degrees. */
const MAX_DEGREES = 3

/** A stored view, and where it is in each of the kept frames; null in those that do not show it. */
type PlacedView = {
  readonly stored: ViewTimeline
  readonly positions: readonly (Position | null)[]
  readonly mirrored: boolean
  readonly isPartial: boolean
}

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
export function placedTransforms({ query, ref, timelines, local }: PlacedVideos): PlacedTransform[] {
  const { keptFrames } = query
  const aspects = aspectsOf(query, ref)
  if (!keptFrames || !aspects) return []
  const views = differentOf(local.placements(), aspects).flatMap((placement) =>
    viewsShown(timelines.ref, placement, aspects).map(({ position, ...view }) => {
      const positions = Array.from(keptFrames.timeMs, () => position)
      return { ...view, positions, mirrored: placement.mirrored }
    }),
  )
  return transformsOf(query, keptFrames, views)
}

/**
 * The same, none or one, for a window that moves, if the videos agree on a line. What it shows is moved to where the reference
 * shows it, so it follows the camera of the reference along any line. It proves something only if that is not so.
 */
export function followedTransforms(
  { query, ref, timelines, local }: PlacedVideos,
  line: Line,
): PlacedTransform[] {
  const { keptFrames } = query
  const aspects = aspectsOf(query, ref)
  if (!keptFrames || !aspects) return []
  const view = followedView(timelines.ref, local.placementsAt(line, keptFrames.timeMs), aspects)
  return view ? transformsOf(query, keptFrames, [view]) : []
}

function aspectsOf({ local }: Fingerprint, ref: Fingerprint): Aspects | null {
  return local && ref.local ? { query: local.aspect, ref: ref.local.aspect } : null
}

function transformsOf(
  query: Fingerprint,
  frames: KeptFrames,
  views: readonly PlacedView[],
): PlacedTransform[] {
  const windows = timelinesOf(frames, views, query)
  return views.flatMap((view, i) => {
    const window = windows[i]
    if (!window) return []
    const { stored, mirrored, isPartial } = view
    const orientation = mirrored ? MIRRORED : null
    // Keypoints have found the part, so no other parts were tried.
    const transform = windowTransform({ window, stored, orientation }, mirrored ? TRANSFORM_SHARE : 1)
    return [{ ...transform, isPartial, isElsewhere: mirrored || isElsewhere(view, query) }]
  })
}

/** Whether the view is not where the query has its whole picture, or is turned. */
function isElsewhere({ positions }: PlacedView, { video }: Fingerprint): boolean {
  const picture = pictureBox(video) ?? WHOLE_BOX
  return positions.some((position) => {
    if (!position) return false
    const { rect, degrees } = position
    return Math.abs(degrees) > MAX_DEGREES || !isSameRectWithin(sharesOf(rect), picture, SAME_SHARE)
  })
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

type ShownView = Pick<PlacedView, 'stored' | 'isPartial'> & { readonly position: Position }

/** The whole picture and, if the query's frame does not show all of it, the largest stored crops that it shows. */
function viewsShown(
  { whole, crops, windowCrops }: FrameTimelines,
  placement: JointPlacement,
  aspects: Aspects,
): ShownView[] {
  const shown = (stored: ViewTimeline): ShownView[] => {
    const position = positionOf(stored.box, placement, aspects)
    return isShown(position.rect) ? [{ stored, position: clipped(position), isPartial: false }] : []
  }
  const all = shown(whole)
  if (all.length > 0) return all
  const largest = [...crops.values(), ...windowCrops]
    .flatMap(shown)
    .sort((a, b) => areaOf(b.position.rect) - areaOf(a.position.rect))
    .slice(0, MAX_CROPS)
  const position = positionOf(whole.box, placement, aspects)
  if (!isSeen(position.rect)) return largest
  const box = seenBox(whole.box ?? WHOLE_BOX, position.rect, placement.mirrored)
  return [...largest, { stored: { ...whole, box }, position, isPartial: true }]
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
    const positions = placements.map((placement) => {
      const position = placement && positionOf(stored.box, placement, aspects)
      return position && isShown(position.rect) ? clipped(position) : null
    })
    const shown = positions.filter((position) => position !== null)
    const area = shown.reduce((sum, { rect }) => sum + areaOf(rect), 0)
    if (shown.length < MIN_FOLLOWED || area <= most) continue
    ;[best, most] = [{ stored, positions, mirrored, isPartial: false }, area]
  }
  return best
}

/** For each view, the hashes of the part of the kept frames that shows it. Its box is where that is in the middle frame. */
function timelinesOf(
  { intervalMs, timeMs, pixels }: KeptFrames,
  views: readonly PlacedView[],
  { local, durationSeconds }: Fingerprint,
): ViewTimeline[] {
  const aspect = local?.aspect ?? 1
  const windows = views.map((view) => ({ view, merger: new RunMerger({ maxMs: 0 }) }))
  for (const [i, ms] of timeMs.entries()) {
    if (views.every(({ positions }) => !positions[i])) continue
    frameEngine.load(pixels.subarray(i * FRAME_PIXELS, (i + 1) * FRAME_PIXELS))
    for (const { view, merger } of windows) {
      const position = view.positions[i]
      if (position) merger.push({ timeMs: ms, ...hashAt(position, { ...view, aspect }) })
    }
  }
  return windows.map(({ view, merger }) => {
    const shown = view.positions.filter((position) => position !== null)
    const middle = shown[shown.length >> 1]
    const timeline = frameTimelineOf({ intervalMs, ...merger.runs() }, durationSeconds)
    return { ...timeline, box: middle ? sharesOf(clip(middle.rect)) : null }
  })
}

/** The hash of a part of the loaded frame. What is beyond the frame repeats its edge. */
function hashAt(
  { rect, degrees }: Position,
  { isPartial, aspect }: { readonly isPartial: boolean; readonly aspect: number },
): FrameHash {
  const options = { withBitErrorRates: false }
  return Math.abs(degrees) < MIN_DEGREES && !isPartial
    ? frameEngine.hash(rect, options)
    : frameEngine.hashRotated(rect, { degrees, aspect, ...options })
}
