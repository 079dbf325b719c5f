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
const bottomRight = (share: number): Cut => ({ left: 1 - share, top: 1 - share, right: 1, bottom: 1 })

/**
 * The cuts that are hashed beside the whole picture, so that a copy that shows only a part of it is found: a PDQ hash
 * bears a shift or a zoom of some 5 %, so the steps are of 10 %. The last is the upright strip that remains of a wide
 * picture (16:9) on a telephone (9:16). A cut's place in this list is its number in the fingerprint.
 */
export const CUTS: readonly Cut[] = [
  middle(0.9),
  middle(0.8),
  middle(0.7),
  topLeft(0.9),
  bottomRight(0.9),
  topLeft(0.8),
  bottomRight(0.8),
  { left: 0.342, top: 0, right: 0.658, bottom: 1 },
]

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
