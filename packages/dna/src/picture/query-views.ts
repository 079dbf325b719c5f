import { ORIENTATIONS, type Orientation, unorientCrop } from '../hash/orientation.ts'
import type { FrameHash } from '../hash/pdq.ts'
import {
  CROP_POSITIONS,
  type Crop,
  cropRect,
  HALVES,
  QUERY_CROPS,
  SUBCROP_POSITIONS,
  SUBCROPS,
  WHOLE_BOX,
  WINDOWS,
} from './crops.ts'
import { frameEngine } from './frame-engine.ts'
import { findInsets, MAX_INSETS } from './inset-rectangles.ts'
import { panelWindows } from './panel-windows.ts'
import { findPanels, MAX_MIDDLES, MAX_PANELS } from './panels.ts'
import { findPersistentEdges } from './persistent-edges.ts'
import { FRAME_SIDE, isSameRectWithin, isWholePlane, type Rect, WHOLE_FRAME } from './rect.ts'

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
const FIRST_WINDOW = FIRST_UNCROPPED_SUBCROP + SUBCROP_POSITIONS.length
const FIRST_UNCROPPED_WINDOW = FIRST_WINDOW + WINDOWS.length
const FIRST_PANEL = FIRST_UNCROPPED_WINDOW + CROP_POSITIONS.length
/** Panels, and windows in panels, over the whole length of a query, whose layout may change. */
const PANEL_VIEWS = 2 * (MAX_PANELS + MAX_MIDDLES)
const FIRST_PANEL_WINDOW = FIRST_PANEL + PANEL_VIEWS

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

/** Number of panels that are looked up with more frames. */
const CLEAR_PANELS = 6

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

/** Whether a view is a detected panel of a split screen or frame. */
export function isPanel(viewId: number): boolean {
  return viewId >= FIRST_PANEL && viewId < FIRST_PANEL_WINDOW
}

/** Whether a panel is among the clearest of the query's first three minutes. */
export function isClearPanel(viewId: number): boolean {
  return isPanel(viewId) && viewId < FIRST_PANEL + CLEAR_PANELS
}

/** Whether a view is a panel, a window inside one, or one of the windows of fixed position. */
export function isWindow(viewId: number): boolean {
  return viewId >= FIRST_WINDOW
}

/** Whether a window is a half of the picture. */
export function isHalf(viewId: number): boolean {
  return viewId >= FIRST_WINDOW && viewId < FIRST_WINDOW + HALVES.length
}

/** Returns the stored crops that a view may show; empty for views other than subcrops. */
export function subcropsShownBy(viewId: number): readonly Subcrop[] {
  if (viewId < FIRST_SUBCROP || viewId >= FIRST_WINDOW) return []
  return subcropsAt[(viewId - FIRST_SUBCROP) % SUBCROP_POSITIONS.length] ?? []
}

/** The part of a query's frame that a view of fixed position shows. `picture` is the active picture. */
export function queryViewBox(viewId: number, picture: Crop): Crop {
  const crop = QUERY_CROPS[viewId - FIRST_QUERY_CROP]
  if (crop) return cropRect(crop, picture)
  if (viewId === UNCROPPED_VIEW) return WHOLE_BOX
  const window = WINDOWS[viewId - FIRST_WINDOW]
  if (window) return cropRect(window, picture)
  const position = CROP_POSITIONS[viewId - FIRST_UNCROPPED_WINDOW]
  if (position) return position
  if (viewId < FIRST_SUBCROP || viewId >= FIRST_WINDOW) return picture
  const part = SUBCROP_POSITIONS[(viewId - FIRST_SUBCROP) % SUBCROP_POSITIONS.length] as Crop
  return cropRect(part, viewId < FIRST_UNCROPPED_SUBCROP ? picture : WHOLE_BOX)
}

/** One view of a frame, hashed. */
export type HashedView = {
  readonly viewId: number
  readonly hash: FrameHash
  /** Where the view is in the frame, if it was detected in the footage. */
  readonly rect?: Rect
}

/** Frames of a chunk that are searched for insets and panels. */
const EDGE_FRAMES = 40

/** A view of the frames of one chunk that was detected in them. */
export type DetectedView = { readonly viewId: number; readonly rect: Rect }

/** Two panels are the same if no side differs by more pixels. That costs a hash about as many bits as coding does. */
const SAME_PANEL_PIXELS = 1.5

/** Rectangles that keep their view numbers in all chunks of a query. */
class ViewSlots {
  readonly #firstId: number
  readonly #count: number
  readonly #rects: Rect[] = []

  constructor(firstId: number, count: number) {
    this.#firstId = firstId
    this.#count = count
  }

  /** Returns the views of the rectangles of a chunk. Those beyond the number of views are left out. */
  add(rects: readonly Rect[]): DetectedView[] {
    return rects.flatMap((rect) => {
      const known = this.#rects.findIndex((other) => isSameRectWithin(other, rect, SAME_PANEL_PIXELS))
      if (known < 0 && this.#rects.length === this.#count) return []
      const at = known < 0 ? this.#rects.push(rect) - 1 : known
      return [{ viewId: this.#firstId + at, rect: this.#rects[at] ?? rect }]
    })
  }
}

/** Finds the views of a query that are not at fixed positions, chunk by chunk. */
export class ViewDetector {
  readonly #aspect: number
  readonly #panels = new ViewSlots(FIRST_PANEL, PANEL_VIEWS)
  readonly #panelWindows = new ViewSlots(FIRST_PANEL_WINDOW, PANEL_VIEWS)

  /** `aspect` is width over height of the picture as displayed. */
  constructor({ aspect }: { readonly aspect: number }) {
    this.#aspect = aspect
  }

  /** Insets, panels and windows in panels: rectangles that may be pictures of their own within the frames of one chunk. */
  detect(frames: readonly Uint8Array[]): DetectedView[] {
    if (frames.length === 0) return []
    const stride = Math.max(1, frames.length / EDGE_FRAMES)
    const some: Uint8Array[] = []
    for (let i = 0; i < frames.length; i += stride) some.push(frames[Math.trunc(i)] as Uint8Array)
    const edges = findPersistentEdges(some)
    const panels = findPanels(edges)
    return [
      ...findInsets(edges).map((rect, i) => ({ viewId: FIRST_INSET + i, rect })),
      ...this.#panels.add(panels),
      ...this.#panelWindows.add(panelWindows(panels, this.#aspect)),
    ]
  }
}

function hashView(viewId: number, rect: Rect): HashedView {
  return { viewId, hash: frameEngine.hash(rect, { withBitErrorRates: true }) }
}

function hashCrops(firstId: number, crops: readonly Crop[], within: Rect): HashedView[] {
  return crops.map((crop, i) => hashView(firstId + i, cropRect(crop, within)))
}

/** Hashes the windows of fixed position of the frame loaded in the engine. */
export function hashWindows(picture: Rect): HashedView[] {
  const windows = hashCrops(FIRST_WINDOW, WINDOWS, picture)
  if (isWholePlane({ side: FRAME_SIDE }, picture)) return windows
  return [...windows, ...hashCrops(FIRST_UNCROPPED_WINDOW, CROP_POSITIONS, WHOLE_FRAME)]
}

/** Hashes the detected views of the frame loaded in the engine. */
export function hashDetectedViews(views: readonly DetectedView[]): HashedView[] {
  return views.map(({ viewId, rect }) => ({ ...hashView(viewId, rect), rect }))
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
