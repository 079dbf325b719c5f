import { ORIENTATIONS, type Orientation, partBefore } from '../match/orientation.ts'
import { type Cut, PART_PLACES, PARTS, QUERY_CUTS, windowOfCut } from './cuts.ts'
import { WHOLE_FRAME } from './find-picture.ts'
import { findRectangles, MAX_RECTANGLES } from './find-rectangles.ts'
import { frameEngine } from './frame-engine.ts'
import type { FrameHash } from './pdq.ts'
import { coversAll, FRAME_SIDE, type Window } from './resample.ts'

/** Numbers from here are views that only a query has; those below it are cuts (cuts.ts), which are stored. */
export const FIRST_QUERY_VIEW = 32
/** The frame with its black bars: dark pictures may have lost an edge that was none. */
const UNCUT_VIEW = FIRST_QUERY_VIEW
/** Turned back by so many degrees: a hash bears two. */
const TURNS = [-3, 3, -6, 6, -10, 10]
const FIRST_TURN = UNCUT_VIEW + 1
const FIRST_RECTANGLE = FIRST_TURN + TURNS.length
/** Whether a view is the whole picture of a query whose bars were cut. */
export const isUncut = (view: number): boolean => view === UNCUT_VIEW

const FIRST_QUERY_CUT = FIRST_RECTANGLE + MAX_RECTANGLES
const FIRST_PART = FIRST_QUERY_CUT + QUERY_CUTS.length
const FIRST_UNCUT_PART = FIRST_PART + PART_PLACES.length
/** How many numbers there are from FIRST_QUERY_VIEW. */
export const QUERY_VIEWS = FIRST_UNCUT_PART + PART_PLACES.length - FIRST_QUERY_VIEW

export function isRectangle(view: number): boolean {
  return view >= FIRST_RECTANGLE && view < FIRST_QUERY_CUT
}

/** Views besides rectangles that may be the whole of a stored picture. */
export function isGuess(view: number): boolean {
  return view >= FIRST_TURN && view < FIRST_PART && !isRectangle(view)
}

/** A stored cut that a part of the query would show, and how the query would be laid (null: as it is). */
export type ShownPart = { readonly cut: number; readonly orientation: Orientation | null }

const shownAt: readonly (readonly ShownPart[])[] = PART_PLACES.map((place) =>
  [null, ...ORIENTATIONS].flatMap((orientation) =>
    PARTS.filter(({ of }) => isSamePart(place, orientation ? partBefore(orientation, of) : of)).map(
      ({ cut }) => ({ cut, orientation }),
    ),
  ),
)

function isSamePart(a: Cut, b: Cut): boolean {
  const sides = [a.left - b.left, a.top - b.top, a.right - b.right, a.bottom - b.bottom]
  return sides.every((gap) => Math.abs(gap) < 1e-9)
}

/** What a part of the query would show; nothing for other views. */
export function shownParts(view: number): readonly ShownPart[] {
  if (view < FIRST_PART || view >= FIRST_QUERY_VIEW + QUERY_VIEWS) return []
  return shownAt[(view - FIRST_PART) % PART_PLACES.length] ?? []
}

/** The two smallest turns. */
export function isSmallTurn(view: number): boolean {
  return view === FIRST_TURN || view === FIRST_TURN + 1
}

/** One view of a frame, or one of its cuts, by its number. */
export type View = { readonly view: number; readonly hash: FrameHash }

/** Frames of a chunk in which rectangles are looked for. */
const LOOKED_AT = 40

/** What may be a picture of its own within the frames of one chunk. */
export function rectanglesIn(frames: readonly Uint8Array[]): Window[] {
  const stride = Math.max(1, frames.length / LOOKED_AT)
  const some: Uint8Array[] = []
  for (let i = 0; i < frames.length; i += stride) some.push(frames[Math.trunc(i)] as Uint8Array)
  return findRectangles(some)
}

const viewOf = (view: number, window: Window): View => ({
  view,
  hash: frameEngine.hash(window, { withDoubts: true }),
})

/** The views of such rectangles in the frame that the engine has taken. */
export const rectangleViews = (rectangles: readonly Window[]): View[] =>
  rectangles.map((rectangle, i) => viewOf(FIRST_RECTANGLE + i, rectangle))

/**
 * The other views of the frame that the engine has taken: they cost a query nothing in storage, so it may guess at what
 * was done to it. `aspect` is width over height of the picture as it is shown.
 */
export function viewsOf(picture: Window, { aspect }: { readonly aspect: number }): View[] {
  const cuts = (first: number, of: readonly Cut[], within: Window): View[] =>
    of.map((cut, i) => viewOf(first + i, windowOfCut(cut, within)))
  const uncut = coversAll({ side: FRAME_SIDE }, picture)
    ? []
    : [viewOf(UNCUT_VIEW, WHOLE_FRAME), ...cuts(FIRST_UNCUT_PART, PART_PLACES, WHOLE_FRAME)]
  const turns = TURNS.map((degrees, i) => ({
    view: FIRST_TURN + i,
    hash: frameEngine.hashTurned(picture, { degrees, aspect, withDoubts: true }),
  }))
  return [
    ...uncut,
    ...cuts(FIRST_QUERY_CUT, QUERY_CUTS, picture),
    ...cuts(FIRST_PART, PART_PLACES, picture),
    ...turns,
  ]
}
