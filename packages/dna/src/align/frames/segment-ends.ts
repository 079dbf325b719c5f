import { hashDistance } from '../../hash/hamming.ts'
import type { Alignment } from '../lines/find-alignments.ts'
import type { FramePairing } from './frame-pairing.ts'
import { type FrameTimeline, runAtMs } from './frame-timeline.ts'
import type { PictureTransform } from './picture-transforms.ts'

/** Pictures further apart than this (stored crops, keyframes) are too coarse to tell whether a boundary is at a cut. */
const MAX_SPACING_MS = 500
/** A change this many times the typical one of the segment is no cut, or is certainly one. */
const CUT_NONE = 1.2
const CUT_FULL = 2
/** The typical change between samples is taken as at least this many bits: less is a still picture. */
const MIN_TYPICAL_BITS = 50
/** A segment that continues another one within this many rows, as in a loop, is not judged. */
const MAX_SEAM_ROWS = 2
/** Weight of the evidence of a short segment that ends at no cut, and of one that ends at a cut on both sides. */
const LOOSE_SHARE = 0.5
const FRAMED_SHARE = 1.6
/** Up to this length, the ends decide in full; beyond it, in proportion to its share of the length. */
const SHORT_MS = 4000

/**
 * Weight of a segment's evidence by where it ends. A copied passage begins and ends where the query or the reference
 * does, or at a cut of the query. A chance resemblance, as of two moving objects on empty ground, fades in the middle of
 * a shot. The longer the segment, the less this says.
 */
export function endsShare(
  { rows, columns }: FramePairing,
  { alignment, all }: { readonly alignment: Alignment; readonly all: readonly Alignment[] },
  query: PictureTransform['query'],
): number {
  if (Math.max(rows.spacingMs, columns.spacingMs) > MAX_SPACING_MS) return 1
  const { line, from, to } = alignment
  const isContinued = all.some(
    (other) => Math.abs(other.from - to) <= MAX_SEAM_ROWS || Math.abs(other.to - from) <= MAX_SEAM_ROWS,
  )
  if (isContinued) return 1
  const rowEnds = [from * rows.stepMs, to * rows.stepMs] as const
  const columnEnds = rowEnds.map((ms) => ms * line.rate + line.offsetMs) as [number, number]
  const isReversed = line.rate < 0
  const own = query === 'rows' ? rows : columns
  const other = query === 'rows' ? columns : rows
  const inOrder = ([a, b]: readonly [number, number]) => (a < b ? ([a, b] as const) : ([b, a] as const))
  const [startMs, endMs] = inOrder(query === 'rows' ? rowEnds : columnEnds)
  const [refStartMs, refEndMs] = inOrder(query === 'rows' ? columnEnds : rowEnds)
  const typical = Math.max(MIN_TYPICAL_BITS, medianChange(own, startMs, endMs))
  const endShare = (ms: number, refMs: number, direction: 1 | -1) =>
    isOuterEnd(own, ms) || isOuterEnd(other, refMs)
      ? 1
      : cutShare(largestChange(own, ms, direction) / typical)
  const framed =
    (endShare(startMs, isReversed ? refEndMs : refStartMs, -1) +
      endShare(endMs, isReversed ? refStartMs : refEndMs, 1)) /
    2
  const share = LOOSE_SHARE + (FRAMED_SHARE - LOOSE_SHARE) * framed
  return 1 + (share - 1) * Math.min(1, SHORT_MS / Math.max(1, endMs - startMs))
}

function cutShare(ratio: number): number {
  return Math.min(1, Math.max(0, (ratio - CUT_NONE) / (CUT_FULL - CUT_NONE)))
}

/** Whether a moment is within two samples of the start or end of its video. */
function isOuterEnd({ stepMs, durationMs }: FrameTimeline, ms: number): boolean {
  return ms < 2 * stepMs || ms > durationMs - 2 * stepMs
}

/** Largest change, in bits, between neighbouring samples around a boundary; infinite if the picture goes blank. */
function largestChange(timeline: FrameTimeline, ms: number, direction: 1 | -1): number {
  let largest = 0
  for (const step of [-2, -1, 0, 1]) {
    const change = changeAt(timeline, ms + direction * step * timeline.stepMs, direction)
    largest = Math.max(largest, change ?? Number.POSITIVE_INFINITY)
  }
  return largest
}

/** Median change, in bits, between neighbouring samples of a stretch. */
function medianChange(timeline: FrameTimeline, startMs: number, endMs: number): number {
  const changes: number[] = []
  for (let ms = startMs; ms + timeline.stepMs <= endMs; ms += timeline.stepMs)
    changes.push(changeAt(timeline, ms, 1) ?? 0)
  changes.sort((a, b) => a - b)
  return changes[changes.length >> 1] ?? 0
}

/** Number of bits that change from one sample to the next in a direction; null if only one of them shows a picture. */
function changeAt(timeline: FrameTimeline, ms: number, direction: 1 | -1): number | null {
  const here = runAtMs(timeline, ms)
  const next = runAtMs(timeline, ms + direction * timeline.stepMs)
  if (here < 0 && next < 0) return 0
  if (here < 0 || next < 0) return null
  return hashDistance(timeline.hashes, here, { b: timeline.hashes, j: next })
}
