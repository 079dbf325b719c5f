import { type Cut, PARTS, QUERY_CUTS, windowOfCut } from './cuts.ts'
import { findRectangles, MAX_RECTANGLES } from './find-rectangles.ts'
import { frameEngine } from './frame-engine.ts'
import type { FrameHash } from './pdq.ts'
import { FRAME_SIDE, type Window } from './resample.ts'

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
const FIRST_UNCUT_PART = FIRST_PART + PARTS.length
/** How many numbers there are from FIRST_QUERY_VIEW. */
export const QUERY_VIEWS = FIRST_UNCUT_PART + PARTS.length - FIRST_QUERY_VIEW

export function isRectangle(view: number): boolean {
  return view >= FIRST_RECTANGLE && view < FIRST_QUERY_CUT
}

/** Views that may be the whole of a stored picture. */
export function isGuess(view: number): boolean {
  return view >= FIRST_TURN && view < FIRST_PART
}

/** The stored cut that a part of the query would show, or null for other views. */
export function partOf(view: number): number | null {
  if (view < FIRST_PART || view >= FIRST_QUERY_VIEW + QUERY_VIEWS) return null
  return PARTS[(view - FIRST_PART) % PARTS.length]?.cut ?? null
}

/** The two smallest turns. */
export function isSmallTurn(view: number): boolean {
  return view === FIRST_TURN || view === FIRST_TURN + 1
}

/** Frames of a chunk in which rectangles are looked for. */
const LOOKED_AT = 40

/** Views of the frames of one chunk that cost a query nothing in storage, so that it may guess at what was done to it. */
export class QueryViews {
  readonly #rectangles: readonly Window[]
  readonly #aspect: number

  /** `aspect` is width over height of the picture as it is shown. */
  constructor(frames: readonly Uint8Array[], { aspect }: { aspect: number }) {
    const stride = Math.max(1, frames.length / LOOKED_AT)
    const some: Uint8Array[] = []
    for (let i = 0; i < frames.length; i += stride) some.push(frames[Math.trunc(i)] as Uint8Array)
    this.#rectangles = findRectangles(some)
    this.#aspect = aspect
  }

  /** Hashes the views of the frame that the engine has taken. */
  hash(picture: Window, onView: (view: number, hash: FrameHash) => void): void {
    const see = (view: number, window: Window) => onView(view, frameEngine.hash(window, { withDoubts: true }))
    const cut = (view: number, of: Cut, within: Window) => see(view, windowOfCut(of, within))
    if (picture.right - picture.left < FRAME_SIDE || picture.bottom - picture.top < FRAME_SIDE) {
      const whole = { left: 0, top: 0, right: FRAME_SIDE, bottom: FRAME_SIDE }
      see(UNCUT_VIEW, whole)
      for (const [i, { of }] of PARTS.entries()) cut(FIRST_UNCUT_PART + i, of, whole)
    }
    for (const [i, of] of QUERY_CUTS.entries()) cut(FIRST_QUERY_CUT + i, of, picture)
    for (const [i, { of }] of PARTS.entries()) cut(FIRST_PART + i, of, picture)
    for (const [i, degrees] of TURNS.entries()) {
      const options = { degrees, aspect: this.#aspect, withDoubts: true }
      onView(FIRST_TURN + i, frameEngine.hashTurned(picture, options))
    }
    for (const [i, rectangle] of this.#rectangles.entries()) see(FIRST_RECTANGLE + i, rectangle)
  }
}
