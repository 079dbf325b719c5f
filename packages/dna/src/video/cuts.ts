import type { Window } from './resample.ts'

/** A part of the picture, in fractions of its width and height. */
export type Cut = {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Time between the frames of which cuts are hashed: each second would cost 0.5 MB an hour and finds no more. */
export const CUT_INTERVAL_MS = 2000

const middle = (share: number): Cut => ({
  left: (1 - share) / 2,
  top: (1 - share) / 2,
  right: (1 + share) / 2,
  bottom: (1 + share) / 2,
})
const topLeft = (share: number): Cut => ({ left: 0, top: 0, right: share, bottom: share })
const topRight = (share: number): Cut => ({ left: 1 - share, top: 0, right: 1, bottom: share })
const bottomLeft = (share: number): Cut => ({ left: 0, top: 1 - share, right: share, bottom: 1 })
const bottomRight = (share: number): Cut => ({ left: 1 - share, top: 1 - share, right: 1, bottom: 1 })

/**
 * The cuts that are stored beside the whole picture, by their numbers, so that a copy that shows only a part of it is
 * found. A PDQ hash bears a shift or a zoom of some 5 %; what lies between these steps is left to the query, which
 * looks at its own part that would be the same cut (PARTS). The last is the upright strip that remains of a wide
 * picture (16:9) on a telephone (9:16).
 */
export const CUTS: ReadonlyMap<number, Cut> = new Map([
  [2, middle(0.7)],
  [5, topLeft(0.8)],
  [6, bottomRight(0.8)],
  [7, { left: 0.342, top: 0, right: 0.658, bottom: 1 }],
])

/**
 * Parts of a query that show what a stored cut shows, if the query is itself a cut: of a copy that shows the middle
 * nine tenths, the middle .7 / .9 is the stored middle .7. They cost no storage. Where the copy is mirrored or turned
 * too, the part lies in another corner of it.
 */
export const PARTS: readonly { readonly cut: number; readonly of: Cut }[] = [
  { cut: 2, of: middle(0.7 / 0.9) },
  { cut: 2, of: middle(0.7 / 0.8) },
  { cut: 5, of: topLeft(0.8 / 0.9) },
  { cut: 6, of: bottomRight(0.8 / 0.9) },
]

/** The places in a query in which one of these parts may lie, however the query was laid. */
export const PART_PLACES: readonly Cut[] = [
  ...PARTS.map(({ of }) => of),
  topRight(0.8 / 0.9),
  bottomLeft(0.8 / 0.9),
]

/** Cuts of a query that may be the whole of a stored picture, beside those in CUTS. */
export const QUERY_CUTS: readonly Cut[] = [middle(0.9), middle(0.8), topLeft(0.9), bottomRight(0.9)]

/** Where a cut of the picture lies in the frame. */
export function windowOfCut({ left, top, right, bottom }: Cut, picture: Window): Window {
  const width = picture.right - picture.left
  const height = picture.bottom - picture.top
  return {
    left: picture.left + left * width,
    top: picture.top + top * height,
    right: picture.left + right * width,
    bottom: picture.top + bottom * height,
  }
}
