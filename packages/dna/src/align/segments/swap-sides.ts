import type { Turn } from '../../hash/orientation.ts'
import type { PairMatch, Segment } from './segment.ts'
import { partOf, speedOf } from './to-segment.ts'

/** The same match with query and reference swapped. */
export function swapSides({ queryCoverage, refCoverage, segments, ...match }: PairMatch): PairMatch {
  return {
    ...match,
    queryCoverage: refCoverage,
    refCoverage: queryCoverage,
    segments: segments
      .map(swappedSegment)
      .sort((a, b) => a.queryStart - b.queryStart || a.refStart - b.refStart),
  }
}

function swappedSegment(segment: Segment): Segment {
  const { queryStart, queryEnd, refStart, refEnd, speed, mirrored, turn, queryBox, refBox } = segment
  return {
    ...segment,
    queryStart: refStart,
    queryEnd: refEnd,
    refStart: queryStart,
    refEnd: queryEnd,
    queryBox: refBox,
    refBox: queryBox,
    part: partOf({ queryBox: refBox, refBox: queryBox }),
    speed: speedOf(1 / speed, 1000 * (refEnd - refStart)),
    // Mirroring followed by a turn is its own inverse. A turn alone is undone by the opposite turn.
    turn: mirrored ? turn : (((360 - turn) % 360) as Turn),
  }
}
