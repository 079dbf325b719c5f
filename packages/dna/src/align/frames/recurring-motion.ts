import { type Orientation, orientationOf, unorientCrop } from '../../hash/orientation.ts'
import { WHOLE_BOX } from '../../picture/crops.ts'
import { isSameRectWithin } from '../../picture/rect.ts'
import type { Box } from '../segments/segment.ts'
import { MOTION_LAG_MS } from './frame-evidence.ts'
import { type FrameTimeline, isSparse, runAtMs } from './frame-timeline.ts'
import { addMotion, emptyMotion, motionCosine } from './motion.ts'
import { REACH_MS, SAME_MOMENTS_MS } from './repeated-motion.ts'

/** Limits work to about 1 ms. */
const MAX_CHANGES = 48
/** Fewer changes do not show a rhythm. */
const MIN_CHANGES = 12
/** Clocks, counters and loading animations reach 0.38 to 0.99. Of 46 videos, one with a counter reaches 0.47, others 0.27. */
const RECURRING_COSINE = 0.3
/** Parts of two pictures are the same if their sides differ by at most this share of the picture. */
const SAME_PART = 0.02

/**
 * Whether the picture changes again as it has changed before: a clock, a counter, an animation. Compares the changes of
 * a passage, and of a minute around it, with the changes of the same video 2 to 60 s later.
 */
export function movesAgain(timeline: FrameTimeline, ends: readonly [number, number]): boolean {
  if (isSparse(timeline)) return false
  const startMs = Math.max(0, Math.min(...ends) - REACH_MS)
  const endMs = Math.min(timeline.durationMs, Math.max(...ends) + REACH_MS)
  for (let laterMs = SAME_MOMENTS_MS; laterMs <= REACH_MS; laterMs += timeline.stepMs)
    if (cosineAfter(timeline, { startMs, endMs, laterMs }) >= RECURRING_COSINE) return true
  return false
}

type Comparison = { readonly startMs: number; readonly endMs: number; readonly laterMs: number }

/** How alike the changes of a passage are to those `laterMs` later, -1 to 1; 0 if there are too few. */
function cosineAfter(timeline: FrameTimeline, { startMs, endMs, laterMs }: Comparison): number {
  const { hashes, stepMs } = timeline
  const motion = emptyMotion()
  const lastMs = endMs - laterMs - MOTION_LAG_MS
  const stride = Math.max(1, Math.ceil((lastMs - startMs) / stepMs / MAX_CHANGES)) * stepMs
  for (let ms = startMs; ms <= lastMs; ms += stride) {
    const here = { before: runAtMs(timeline, ms), after: runAtMs(timeline, ms + MOTION_LAG_MS) }
    const there = {
      before: runAtMs(timeline, ms + laterMs),
      after: runAtMs(timeline, ms + laterMs + MOTION_LAG_MS),
    }
    if (Math.min(here.before, here.after, there.before, there.after) < 0) continue
    addMotion(motion, { hashes, ...here }, { hashes, ...there })
  }
  return motion.samples >= MIN_CHANGES ? motionCosine(motion) : 0
}

/** A part of the frame, and the part of it that the active picture takes; null for all of it. */
type PartOfPicture = readonly [part: Box | null, picture: Box | null]

/**
 * Whether two boxes cut the same part out of two active pictures, and less than all of them. The query's picture may be mirrored
 * or turned.
 */
export function isSamePart(
  query: PartOfPicture,
  ref: PartOfPicture,
  shown: Pick<Orientation, 'mirrored' | 'turn'>,
): boolean {
  const [a, b] = [shareOf(query), shareOf(ref)]
  const orientation = orientationOf(shown)
  const expected = orientation ? unorientCrop(orientation, b) : b
  return !isNear(a, WHOLE_BOX) && !isNear(b, WHOLE_BOX) && isNear(a, expected)
}

function shareOf([part, picture]: PartOfPicture): Box {
  const { left, top, right, bottom } = picture ?? WHOLE_BOX
  const [width, height] = [right - left, bottom - top]
  const box = part ?? WHOLE_BOX
  return {
    left: (box.left - left) / width,
    top: (box.top - top) / height,
    right: (box.right - left) / width,
    bottom: (box.bottom - top) / height,
  }
}

const isNear = (a: Box, b: Box) => isSameRectWithin(a, b, SAME_PART)
