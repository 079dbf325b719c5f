import { type FrameTimeline, frameTimelineOf, runAtMs } from '../align/frames/frame-timeline.ts'
import { pictureBox, shownBox } from '../align/frames/frame-timelines.ts'
import type { Box, Segment } from '../align/segments/segment.ts'
import { type Fingerprint, isSparseVideo } from '../fingerprint/fingerprint.ts'
import { hashDistance } from '../hash/hamming.ts'
import { orientationOf, orientHashes } from '../hash/orientation.ts'
import { isSameRectWithin } from '../picture/rect.ts'

/** Frames of one side that show one part of its picture. A later timeline fills the gaps of an earlier one. */
export type ShownFrames = { readonly timelines: readonly FrameTimeline[]; readonly stepMs: number }

/** One picture: a run of a timeline. */
export type Picture = { readonly hashes: Uint32Array; readonly run: number }

/** Sides of equal boxes differ by at most this, because segments round them. */
const SAME_SIDE = 0.002

/**
 * The frames of a video that show `box`, one entry for each view that does, the whole picture first. Empty if only a part
 * that was never hashed shows it. `fingerprints` are of one video, the most detailed first.
 */
export function framesShowing(fingerprints: readonly Fingerprint[], box: Box | null): ShownFrames[] {
  const [detailed, ...others] = fingerprints.map((fingerprint) => viewsShowing(fingerprint, box))
  return [...(detailed ?? [])].map(([id, timeline]) => {
    const fillers = others.flatMap((views) => views.get(id) ?? [])
    return { timelines: [timeline, ...fillers], stepMs: timeline.stepMs }
  })
}

/** The frames of the whole picture. */
export function wholeFrames(fingerprints: readonly Fingerprint[]): ShownFrames {
  const timelines = fingerprints.map(({ video, durationSeconds }) =>
    frameTimelineOf(video, durationSeconds, { sparse: isSparseVideo(video) }),
  )
  return { timelines, stepMs: timelines[0]?.stepMs ?? 250 }
}

function viewsShowing(
  { video, views = [], durationSeconds }: Fingerprint,
  box: Box | null,
): Map<number | 'whole', FrameTimeline> {
  const sparse = isSparseVideo(video)
  const found = new Map<number | 'whole', FrameTimeline>()
  if (isSame(pictureBox(video), box)) found.set('whole', frameTimelineOf(video, durationSeconds, { sparse }))
  for (const view of views) {
    if (!isSame(shownBox(view, video), box)) continue
    found.set(view.viewId, frameTimelineOf(view, durationSeconds, { sparse }))
  }
  return found
}

function isSame(a: Box | null, b: Box | null): boolean {
  if (a === null || b === null) return a === b
  return isSameRectWithin(a, b, SAME_SIDE)
}

/** The same frames as the reference would show them: the mirroring and turn of a segment undone. */
export function undoOrientation(
  frames: ShownFrames,
  { mirrored, turn }: Pick<Segment, 'mirrored' | 'turn'>,
): ShownFrames {
  const orientation = orientationOf({ mirrored, turn })
  if (orientation === undefined) return frames
  const timelines = frames.timelines.map((timeline) => ({
    ...timeline,
    hashes: orientHashes(timeline.hashes, orientation),
  }))
  return { ...frames, timelines }
}

/** The picture at a time; null if it is blank or unknown. */
export function pictureAt({ timelines }: ShownFrames, ms: number): Picture | null {
  for (const timeline of timelines) {
    const run = runAtMs(timeline, ms)
    if (run >= 0) return { hashes: timeline.hashes, run }
  }
  return null
}

export function bitsBetween(a: Picture, b: Picture): number {
  return hashDistance(a.hashes, a.run, { b: b.hashes, j: b.run })
}
