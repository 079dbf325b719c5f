import { cropRect, WHOLE_BOX } from '../../picture/crops.ts'
import { areaOf, FRAME_SIDE, type Rect } from '../../picture/rect.ts'
import type { Box } from '../segments/segment.ts'
import { displayedSize, type JointPlacement } from './align-local.ts'

/** A view may extend beyond the query's frame by this share of its shorter side. */
const MAX_BEYOND = 0.06
/** Windows with fewer pixels on a side show too little. */
const MIN_PIXELS = 24
/** A window that shows less of a picture than this share of its area shows too little of its movement. */
const MIN_SEEN = 0.2

/** The part of a query's frame, in pixels, that shows a stored view, and by how many degrees that is turned. */
export type Position = { readonly rect: Rect; readonly degrees: number }

/** Width over height of both frames as displayed. */
export type Aspects = { readonly query: number; readonly ref: number }

/** Where the query's frame shows a box of the reference's (null for all of it), or where beyond the frame that would be. */
export function positionOf(box: Box | null, { fit, mirrored }: JointPlacement, aspects: Aspects): Position {
  const [querySize, refSize] = [displayedSize(aspects.query), displayedSize(aspects.ref)]
  const { left, top, right, bottom } = box ?? WHOLE_BOX
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
  return { rect, degrees: mirrored ? -degrees : degrees }
}

/** Whether a view is within the query's frame. */
export function isShown({ left, top, right, bottom }: Rect): boolean {
  const side = Math.min(right - left, bottom - top)
  const beyond = Math.max(-left, -top, right - FRAME_SIDE, bottom - FRAME_SIDE)
  return side >= MIN_PIXELS && beyond <= MAX_BEYOND * side
}

/** Whether the frame shows enough of a view to see its movement. */
export function isSeen(rect: Rect): boolean {
  const seen = clip(rect)
  const side = Math.min(seen.right - seen.left, seen.bottom - seen.top)
  return side >= MIN_PIXELS && areaOf(seen) >= MIN_SEEN * areaOf(rect)
}

/** The part of a reference's frame that is seen of a view of it. */
export function seenBox(view: Box, rect: Rect, mirrored: boolean): Box {
  const seen = clip(rect)
  const across = (x: number) => (mirrored ? rect.right - x : x - rect.left) / (rect.right - rect.left)
  const down = (y: number) => (y - rect.top) / (rect.bottom - rect.top)
  const [from, to] = mirrored ? [seen.right, seen.left] : [seen.left, seen.right]
  const part = { left: across(from), top: down(seen.top), right: across(to), bottom: down(seen.bottom) }
  return cropRect(part, view)
}

/** A position without what is beyond the frame. */
export function clipped({ rect, degrees }: Position): Position {
  return { rect: clip(rect), degrees }
}

/** The part of a rectangle that is within the frame. */
export function clip({ left, top, right, bottom }: Rect): Rect {
  return {
    left: Math.max(0, left),
    top: Math.max(0, top),
    right: Math.min(FRAME_SIDE, right),
    bottom: Math.min(FRAME_SIDE, bottom),
  }
}
