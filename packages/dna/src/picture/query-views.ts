import { ORIENTATIONS, type Orientation, unorientCrop } from '../hash/orientation.ts'
import type { FrameHash } from '../hash/pdq.ts'
import { type Crop, cropRect, QUERY_CROPS, SUBCROP_POSITIONS, SUBCROPS } from './crops.ts'
import { frameEngine } from './frame-engine.ts'
import { findInsets, MAX_INSETS } from './inset-rectangles.ts'
import { FRAME_SIDE, isWholePlane, type Rect, WHOLE_FRAME } from './rect.ts'

/** View numbers from this one on exist only in queries; those below are stored crops (crops.ts). */
export const FIRST_QUERY_VIEW = 32
/** The frame including its letterbox, because what was removed as bars may have been the dark edge of a picture. */
const UNCROPPED_VIEW = FIRST_QUERY_VIEW
/** Degrees by which the picture is rotated back. A hash tolerates two. */
const ROTATIONS = [-3, 3, -6, 6, -10, 10]
const FIRST_ROTATION = UNCROPPED_VIEW + 1
const FIRST_INSET = FIRST_ROTATION + ROTATIONS.length
const FIRST_QUERY_CROP = FIRST_INSET + MAX_INSETS
const FIRST_SUBCROP = FIRST_QUERY_CROP + QUERY_CROPS.length
const FIRST_UNCROPPED_SUBCROP = FIRST_SUBCROP + SUBCROP_POSITIONS.length
/** Number of view numbers from FIRST_QUERY_VIEW on. */
export const QUERY_VIEWS = FIRST_UNCROPPED_SUBCROP + SUBCROP_POSITIONS.length - FIRST_QUERY_VIEW

/** Whether a view is the whole frame of a query whose letterbox was removed. */
export function isUncropped(viewId: number): boolean {
  return viewId === UNCROPPED_VIEW
}

/** Whether a view is a picture-in-picture. */
export function isInset(viewId: number): boolean {
  return viewId >= FIRST_INSET && viewId < FIRST_QUERY_CROP
}

/** Whether a view is rotated or cropped and may correspond to the whole of a stored picture. */
export function isVariant(viewId: number): boolean {
  return viewId >= FIRST_ROTATION && viewId < FIRST_SUBCROP && !isInset(viewId)
}

/** Whether a view is one of the two smallest rotations. */
export function isSmallRotation(viewId: number): boolean {
  return viewId === FIRST_ROTATION || viewId === FIRST_ROTATION + 1
}

/** A stored crop that a part of the query may show, and the query's orientation in that case (null: upright). */
export type Subcrop = { readonly viewId: number; readonly orientation: Orientation | null }

const subcropsAt: readonly (readonly Subcrop[])[] = SUBCROP_POSITIONS.map((position) =>
  [null, ...ORIENTATIONS].flatMap((orientation) =>
    SUBCROPS.filter(({ part }) =>
      isSameCrop(position, orientation ? unorientCrop(orientation, part) : part),
    ).map(({ viewId }) => ({ viewId, orientation })),
  ),
)

function isSameCrop(a: Crop, b: Crop): boolean {
  const sides = [a.left - b.left, a.top - b.top, a.right - b.right, a.bottom - b.bottom]
  return sides.every((gap) => Math.abs(gap) < 1e-9)
}

/** Returns the stored crops that a view may show; empty for views other than subcrops. */
export function subcropsShownBy(viewId: number): readonly Subcrop[] {
  if (viewId < FIRST_SUBCROP || viewId >= FIRST_QUERY_VIEW + QUERY_VIEWS) return []
  return subcropsAt[(viewId - FIRST_SUBCROP) % SUBCROP_POSITIONS.length] ?? []
}

/** The part of a query's frame that a view of fixed position shows. `picture` is the active picture. */
export function queryViewBox(viewId: number, picture: Crop): Crop {
  const crop = QUERY_CROPS[viewId - FIRST_QUERY_CROP]
  if (crop) return cropRect(crop, picture)
  if (viewId === UNCROPPED_VIEW) return WHOLE_BOX
  if (viewId < FIRST_SUBCROP || viewId >= FIRST_QUERY_VIEW + QUERY_VIEWS) return picture
  const position = SUBCROP_POSITIONS[(viewId - FIRST_SUBCROP) % SUBCROP_POSITIONS.length] as Crop
  return cropRect(position, viewId < FIRST_UNCROPPED_SUBCROP ? picture : WHOLE_BOX)
}

const WHOLE_BOX: Crop = { left: 0, top: 0, right: 1, bottom: 1 }

/** One view of a frame, hashed. */
export type HashedView = {
  readonly viewId: number
  readonly hash: FrameHash
  /** Where the view is in the frame, if it was detected in the footage. */
  readonly rect?: Rect
}

/** Frames of a chunk that are searched for insets. */
const INSET_FRAMES = 40

/** Rectangles that may be pictures of their own within the frames of one chunk. */
export function insetsIn(frames: readonly Uint8Array[]): Rect[] {
  const stride = Math.max(1, frames.length / INSET_FRAMES)
  const some: Uint8Array[] = []
  for (let i = 0; i < frames.length; i += stride) some.push(frames[Math.trunc(i)] as Uint8Array)
  return findInsets(some)
}

function hashView(viewId: number, rect: Rect): HashedView {
  return { viewId, hash: frameEngine.hash(rect, { withBitErrorRates: true }) }
}

function hashCrops(firstId: number, crops: readonly Crop[], within: Rect): HashedView[] {
  return crops.map((crop, i) => hashView(firstId + i, cropRect(crop, within)))
}

/** Hashes the insets of the frame loaded in the engine. */
export function hashInsetViews(insets: readonly Rect[]): HashedView[] {
  return insets.map((rect, i) => ({ ...hashView(FIRST_INSET + i, rect), rect }))
}

/**
 * Hashes the other views of the frame loaded in the engine. They take no storage, so a query can afford to try many
 * possible edits. `aspect` is width over height of the picture as displayed.
 */
export function hashQueryViews(picture: Rect, { aspect }: { readonly aspect: number }): HashedView[] {
  const uncropped = isWholePlane({ side: FRAME_SIDE }, picture)
    ? []
    : [
        hashView(UNCROPPED_VIEW, WHOLE_FRAME),
        ...hashCrops(FIRST_UNCROPPED_SUBCROP, SUBCROP_POSITIONS, WHOLE_FRAME),
      ]
  const rotated = ROTATIONS.map((degrees, i) => ({
    viewId: FIRST_ROTATION + i,
    hash: frameEngine.hashRotated(picture, { degrees, aspect, withBitErrorRates: true }),
  }))
  return [
    ...uncropped,
    ...hashCrops(FIRST_QUERY_CROP, QUERY_CROPS, picture),
    ...hashCrops(FIRST_SUBCROP, SUBCROP_POSITIONS, picture),
    ...rotated,
  ]
}
