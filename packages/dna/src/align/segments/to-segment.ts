import { type JoinedSegment, scoreOf } from './pair-score.ts'
import type { Box, Segment, SegmentPart } from './segment.ts'
import { lengthMs } from './segment-geometry.ts'

/** Maximum error, in milliseconds, that rounding the speed may cause over the length of a segment. */
const ROUNDING_MS = 20

/**
 * A segment of a reported pair is dropped if it scores below this value and below this share of the best segment. In
 * the accepted pairs of the accuracy bench, wrong segments reach 0.24 and 0.33 of the best; right ones exceed 0.38 and
 * 0.58.
 */
const SEGMENT_FLOOR = 0.3
const SEGMENT_SHARE = 0.5
/** Floor of a traced passage: right ones of 0.6 s in dark or noisy copies score 0.03 to 0.1. */
const TRACED_FLOOR = 0.03

/** Segments of an accepted pair with a score below this value are weak readings. */
export const WEAK_SCORE = 0.45

/** A joined segment as it is reported. */
export function toSegment({ segment, frames, audio }: Omit<JoinedSegment, 'pictures'>): Segment {
  const boxes = { queryBox: roundBox(segment.queryBox), refBox: roundBox(segment.refBox) }
  return {
    queryStart: seconds(segment.queryStartMs),
    queryEnd: seconds(segment.queryEndMs),
    refStart: seconds(segment.refStartMs),
    refEnd: seconds(segment.refEndMs),
    score: roundScore(scoreOf({ frames, audio })),
    kind: audio === 0 ? 'video' : frames === 0 ? 'audio' : 'both',
    speed: speedOf(Math.abs(segment.rate), lengthMs(segment)),
    mirrored: segment.mirrored,
    reversed: segment.rate < 0,
    turn: segment.turn,
    ...boxes,
    part: partOf(boxes),
    pictureScore: roundScore(scoreOf({ frames, audio: 0 })),
    soundScore: roundScore(scoreOf({ frames: 0, audio })),
    weak: false,
  }
}

/** Whose frame matches only in part. */
export function partOf({ queryBox, refBox }: Pick<Segment, 'queryBox' | 'refBox'>): SegmentPart {
  if (queryBox === null) return refBox === null ? 'whole' : 'reference'
  return refBox === null ? 'query' : 'both'
}

function roundScore(score: number): number {
  return Math.round(score * 1e4) / 1e4
}

/**
 * Marks the weak readings of an accepted pair. A pair that is accepted only because all of its segments count together,
 * as those of a loop do, has none.
 */
export function markWeakReadings(segments: readonly Segment[]): Segment[] {
  const rests = segments.some(({ score }) => score >= WEAK_SCORE)
  return segments.map((segment) => ({ ...segment, weak: rests && segment.score < WEAK_SCORE }))
}

/** Fractions rounded to thousandths. A frame is hashed at 192 pixels a side. */
function roundBox(box: Box | null = null): Box | null {
  const round = (value: number) => Math.round(value * 1000) / 1000
  return (
    box && {
      left: round(box.left),
      top: round(box.top),
      right: round(box.right),
      bottom: round(box.bottom),
    }
  )
}

/** Seconds, rounded to whole milliseconds. */
function seconds(ms: number): number {
  return Math.round(ms) / 1000
}

/** Rounds a rate to three decimals, or to six if three would be off by more than ROUNDING_MS over the length. */
export function speedOf(rate: number, ms: number): number {
  const rounded = Math.round(rate * 1000) / 1000
  return Math.abs(rounded - rate) * ms <= ROUNDING_MS ? rounded : Math.round(rate * 1e6) / 1e6
}

/**
 * Returns the segments strong enough to be reported. The segments of a loop are all weak, and all are kept. If the
 * passages of the pictures were traced, each of them competed with every other explanation of its moment, so a short one
 * needs little evidence of its own.
 */
export function dropWeakSegments(
  segments: readonly Segment[],
  { isTraced = false }: { isTraced?: boolean } = {},
): Segment[] {
  const best = Math.max(...segments.map(({ score }) => score))
  const floor = Math.min(SEGMENT_FLOOR, SEGMENT_SHARE * best)
  return segments.filter(
    ({ score, kind }) => score >= (isTraced && kind !== 'audio' ? Math.min(TRACED_FLOOR, floor) : floor),
  )
}
