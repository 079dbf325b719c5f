import {
  inverseTransform,
  MIRRORED,
  ORIENTATIONS,
  type Orientation,
  orientHashes,
  type Turn,
} from '../../hash/orientation.ts'
import type { SeedAlignment } from '../../index/rank-candidates.ts'
import { isSameRectWithin } from '../../picture/rect.ts'
import type { Box } from '../segments/segment.ts'
import { isSparse } from './frame-timeline.ts'
import type { FrameTimelines, ViewTimeline } from './frame-timelines.ts'
import { createTransformScreen } from './transform-screening.ts'
import { screenWindows, type WindowMatch } from './window-screening.ts'

/** One assumption about how the query shows the reference's picture, ready to be aligned. */
export type PictureTransform = {
  readonly rows: ViewTimeline
  readonly columns: ViewTimeline
  /** Which of the two is the query's. */
  readonly query: 'rows' | 'columns'
  /** How the query shows the reference's picture: mirrored left to right first, then turned clockwise. */
  readonly mirrored: boolean
  readonly turn: Turn
  readonly queryBox: Box | null
  readonly refBox: Box | null
  /** Weight, 0 to 1, of evidence found under this assumption: lower if more assumptions were tried. */
  readonly share: number
}

/** A window that keypoints have placed, ready to be aligned. */
export type PlacedTransform = PictureTransform & {
  /** Whether the query shows only a part of the stored view, so that only its movement can tell. */
  readonly isPartial: boolean
  /** Whether the view is elsewhere in the query than its whole picture, so that nothing else has compared the two. */
  readonly isElsewhere: boolean
}

/** A transform whose frames have not been reoriented yet. */
type TransformCandidate = Pick<PictureTransform, 'rows' | 'columns' | 'query'> & {
  readonly orientation: Orientation | null
}

/** Number of transforms besides the identity that are aligned in full; screening rejects the others. */
const MAX_TRANSFORMS = 2
/** Screening score (a share of 0 to 1 per frame) from which a transform is worth aligning, ... */
const MIN_SCREENING = 0.4
/** ... and the share of the identity's score that it must reach, because symmetric pictures match both ways. */
const IDENTITY_SHARE = 0.7
/** Weight of a transform that is mirrored, turned or cropped, and of one that is both cropped and reoriented. */
export const TRANSFORM_SHARE = 0.85
const COMBINED_SHARE = TRANSFORM_SHARE ** 2
/** Number of windows that are aligned in full. */
const MAX_WINDOWS = 3

/** Both pictures as they are. */
export function identityTransform(query: FrameTimelines, ref: FrameTimelines): PictureTransform {
  return toTransform(ofWhole(query.whole, ref, null), 1)
}

/**
 * Returns the other transforms worth aligning, at most two: mirrored or turned, one side a crop of the other, or both.
 * They are chosen by comparing a few frames of each.
 */
export function transformsToTry(
  query: FrameTimelines,
  ref: FrameTimelines,
  seeds: readonly SeedAlignment[],
): PictureTransform[] {
  const screen = createTransformScreen()
  const scoreOf = (candidate: TransformCandidate, isBrief: boolean) =>
    screen({ ...candidate, orientation: rowTransformOf(candidate), isBrief })
  const identity = scoreOf(ofWhole(query.whole, ref, null), false)
  const screened = (candidates: readonly TransformCandidate[], isBrief: boolean) =>
    candidates
      .map((candidate) => ({ candidate, score: scoreOf(candidate, isBrief) }))
      .filter(({ score }) => score >= Math.max(MIN_SCREENING, IDENTITY_SHARE * identity))
  const single = screened(singleCandidates(query, ref), false)
  const combined = screened(combinedCandidates(query, ref), true)
  const chosen = [
    ...single.map((one) => ({ ...one, share: TRANSFORM_SHARE })),
    ...combined.map(({ candidate, score }) => ({
      candidate,
      score: TRANSFORM_SHARE * score,
      share: COMBINED_SHARE,
    })),
  ]
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_TRANSFORMS)
    .map(({ candidate, share }) => toTransform(candidate, share))
  return [...chosen, ...windowTransforms(query, ref, seeds)]
}

/** Transforms of the windows of the query that show a stored view, closest first. */
function windowTransforms(
  query: FrameTimelines,
  ref: FrameTimelines,
  seeds: readonly SeedAlignment[],
): PictureTransform[] {
  const chosen: WindowMatch[] = []
  for (const match of screenWindows(query, ref, seeds)) {
    if (chosen.length === MAX_WINDOWS) break
    if (!chosen.some((other) => isSameMatch(other, match))) chosen.push(match)
  }
  return chosen.map((match) => windowTransform(match, match.orientation ? COMBINED_SHARE : TRANSFORM_SHARE))
}

/** A window of the query as a stored view. The sparser of the two becomes the rows. */
export function windowTransform(
  { window, stored, orientation }: Pick<WindowMatch, 'window' | 'stored' | 'orientation'>,
  share: number,
): PictureTransform {
  return toTransform(
    stored.stepMs > window.stepMs
      ? { rows: stored, columns: window, query: 'columns', orientation }
      : { rows: window, columns: stored, query: 'rows', orientation },
    share,
  )
}

/** Cropped, or in another orientation. */
function singleCandidates(query: FrameTimelines, ref: FrameTimelines): TransformCandidate[] {
  return [
    ...ORIENTATIONS.map((orientation) => ofWhole(query.whole, ref, orientation)),
    ...ofCrops(query.whole, ref, null),
    ...[...query.crops.values(), ...query.variants, ...query.insets].map((rows) => ofWhole(rows, ref, null)),
    ...subcropCandidates(query, ref).filter(({ orientation }) => orientation === null),
    ...uncroppedCandidates(query, ref, null),
  ]
}

/** Cropped and in another orientation. Turned crops occur in practice only as whole pictures turned within a frame. */
function combinedCandidates(query: FrameTimelines, ref: FrameTimelines): TransformCandidate[] {
  return [
    ...ORIENTATIONS.flatMap((orientation) => [
      ...ofCrops(query.whole, ref, orientation),
      ...query.insets.map((rows) => ofWhole(rows, ref, orientation)),
    ]),
    ...[...query.crops.values(), ...query.variants].map((rows) => ofWhole(rows, ref, MIRRORED)),
    ...subcropCandidates(query, ref).filter(({ orientation }) => orientation !== null),
    ...uncroppedCandidates(query, ref, MIRRORED),
  ]
}

/** A view of the query as the whole picture of the reference. The sparser of the two becomes the rows. */
function ofWhole(
  view: ViewTimeline,
  { whole }: FrameTimelines,
  orientation: Orientation | null,
): TransformCandidate {
  return whole.spacingMs > view.spacingMs && isSparse(whole)
    ? { rows: whole, columns: view, query: 'columns', orientation }
    : { rows: view, columns: whole, query: 'rows', orientation }
}

/** A view of the query as each of the stored crops. */
function ofCrops(
  columns: ViewTimeline,
  ref: FrameTimelines,
  orientation: Orientation | null,
): TransformCandidate[] {
  return [...ref.crops.values()].map((rows) => ({ rows, columns, query: 'columns', orientation }))
}

/** Both sides as crops of something larger. */
function subcropCandidates({ subcrops }: FrameTimelines, ref: FrameTimelines): TransformCandidate[] {
  return subcrops.flatMap(({ viewId, orientation, timeline }) => {
    const rows = ref.crops.get(viewId)
    return rows ? [{ rows, columns: timeline, query: 'columns' as const, orientation }] : []
  })
}

/** The frame with its letterbox, which may have been the dark edge of a picture. */
function uncroppedCandidates(
  { uncropped }: FrameTimelines,
  ref: FrameTimelines,
  orientation: Orientation | null,
): TransformCandidate[] {
  return uncropped ? [ofWhole(uncropped, ref, orientation), ...ofCrops(uncropped, ref, orientation)] : []
}

function isSameMatch(a: WindowMatch, b: WindowMatch): boolean {
  return a.window === b.window || (a.stored === b.stored && isSameBox(a.window.box, b.window.box))
}

/** Sides of boxes differ by at most a twentieth, which a hash tolerates. */
function isSameBox(a: Box | null, b: Box | null): boolean {
  if (!a || !b) return a === b
  return isSameRectWithin(a, b, 0.05)
}

/** How to reorient the rows: as given if they belong to the query, otherwise the inverse. */
function rowTransformOf({ query, orientation }: TransformCandidate) {
  return orientation && (query === 'rows' ? orientation : inverseTransform(orientation))
}

/** The transform with the query's frames reoriented. */
function toTransform(
  { rows, columns, query, orientation }: TransformCandidate,
  share: number,
): PictureTransform {
  const [querySide, refSide] = query === 'rows' ? [rows, columns] : [columns, rows]
  const own = orient(querySide, orientation)
  const boxes = { queryBox: querySide.box, refBox: refSide.box }
  const shown = {
    ...boxes,
    mirrored: orientation?.mirrored ?? false,
    turn: orientation?.turn ?? 0,
    share,
  } as const
  return query === 'rows' ? { rows: own, columns, query, ...shown } : { rows, columns: own, query, ...shown }
}

function orient(timeline: ViewTimeline, orientation: Orientation | null): ViewTimeline {
  return orientation ? { ...timeline, hashes: orientHashes(timeline.hashes, orientation) } : timeline
}
