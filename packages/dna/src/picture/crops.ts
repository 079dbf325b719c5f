import type { Rect } from './rect.ts'

/** A part of the picture, in fractions of its width and height. */
export type Crop = {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** All of a picture. */
export const WHOLE_BOX: Crop = { left: 0, top: 0, right: 1, bottom: 1 }

/** Time between frames whose crops are hashed. One per second would cost 0.5 MB per hour and find no more copies. */
export const CROP_INTERVAL_MS = 2000

function middle(share: number): Crop {
  return { left: (1 - share) / 2, top: (1 - share) / 2, right: (1 + share) / 2, bottom: (1 + share) / 2 }
}

function strip(share: number): Crop {
  return { left: (1 - share) / 2, top: 0, right: (1 + share) / 2, bottom: 1 }
}

function band(share: number): Crop {
  return { left: 0, top: (1 - share) / 2, right: 1, bottom: (1 + share) / 2 }
}

function topLeft(share: number): Crop {
  return { left: 0, top: 0, right: share, bottom: share }
}

function topRight(share: number): Crop {
  return { left: 1 - share, top: 0, right: 1, bottom: share }
}

function bottomLeft(share: number): Crop {
  return { left: 0, top: 1 - share, right: share, bottom: 1 }
}

function bottomRight(share: number): Crop {
  return { left: 1 - share, top: 1 - share, right: 1, bottom: 1 }
}

/**
 * The crops stored along with the whole picture, by view number, so that copies that show only part of it are found. A
 * PDQ hash tolerates a shift or zoom of about 5 %. Crops between these steps are left to the query, which hashes the
 * part of its own picture that shows the same as a stored crop (SUBCROPS). The last crop is the upright strip that
 * remains of a wide picture (16:9) on a phone (9:16).
 */
export const CROPS: ReadonlyMap<number, Crop> = new Map([
  [2, middle(0.7)],
  [5, topLeft(0.8)],
  [6, bottomRight(0.8)],
  [7, strip(0.316)],
])

/**
 * Further stored crops, which are compared with windows of the query around seed alignments: what remains of a wide
 * picture (16:9) in half of an upright frame (9:16), beside overlays, of an upright picture in a wide frame, and on a
 * phone if the crop follows the left or the right.
 */
export const WINDOW_CROPS: ReadonlyMap<number, Crop> = new Map([
  [8, strip(0.63)],
  [9, middle(0.5)],
  [10, band(0.75)],
  [11, { left: 0.1, top: 0, right: 0.416, bottom: 1 }],
  [12, { left: 0.584, top: 0, right: 0.9, bottom: 1 }],
])

/** All stored crops by view number. */
export const STORED_CROPS: ReadonlyMap<number, Crop> = new Map([...CROPS, ...WINDOW_CROPS])

/** A part of a query that shows the same as a stored crop, if the query itself is a crop. */
type SubcropRule = { readonly viewId: number; readonly part: Crop }

/**
 * In a copy that shows the middle 0.9, the middle 0.7 / 0.9 is the stored middle 0.7. Subcrops take no storage. In a
 * mirrored or turned copy the part is in another corner.
 */
export const SUBCROPS: readonly SubcropRule[] = [
  { viewId: 2, part: middle(0.7 / 0.9) },
  { viewId: 2, part: middle(0.7 / 0.8) },
  { viewId: 5, part: topLeft(0.8 / 0.9) },
  { viewId: 6, part: bottomRight(0.8 / 0.9) },
]

/** Every position of these parts in a query, in any orientation. */
export const SUBCROP_POSITIONS: readonly Crop[] = [
  ...SUBCROPS.map(({ part }) => part),
  topRight(0.8 / 0.9),
  bottomLeft(0.8 / 0.9),
]

/** Crops of a query that may correspond to the whole of a stored picture, in addition to those in CROPS. */
export const QUERY_CROPS: readonly Crop[] = [middle(0.9), middle(0.8), topLeft(0.9), bottomRight(0.9)]

function cell(column: number, row: number, count: number): Crop {
  return { left: column / count, top: row / count, right: (column + 1) / count, bottom: (row + 1) / count }
}

function cells(count: number): Crop[] {
  return Array.from({ length: count * count }, (_, at) => cell(at % count, Math.trunc(at / count), count))
}

/** Halves of a query, which a split screen may show. */
export const HALVES: readonly Crop[] = [
  { left: 0, top: 0, right: 0.5, bottom: 1 },
  { left: 0.5, top: 0, right: 1, bottom: 1 },
  { left: 0, top: 0, right: 1, bottom: 0.5 },
  { left: 0, top: 0.5, right: 1, bottom: 1 },
]

/** The stored crops at their own positions in a query show what remains of them beside an overlay. */
export const CROP_POSITIONS: readonly Crop[] = [...STORED_CROPS.values()]

/**
 * Windows of a query that may show the whole or a stored crop of a picture: halves, quarters and ninths, the wide picture (16:9)
 * in the middle of an upright frame (9:16), slightly narrowed pictures, and the stored crops at their own positions.
 */
export const WINDOWS: readonly Crop[] = [
  ...HALVES,
  ...cells(2),
  ...cells(3),
  band(0.316),
  strip(0.9),
  strip(0.8),
  band(0.9),
  band(0.8),
  ...CROP_POSITIONS,
]

/** The rectangle of the frame that a crop of the picture covers. */
export function cropRect({ left, top, right, bottom }: Crop, picture: Rect): Rect {
  const width = picture.right - picture.left
  const height = picture.bottom - picture.top
  return {
    left: picture.left + left * width,
    top: picture.top + top * height,
    right: picture.left + right * width,
    bottom: picture.top + bottom * height,
  }
}
