import { type Passage, scoreOf } from './pair-score.ts'
import type { Segment } from './segment.ts'
import { lengthMs } from './track-line.ts'

/** How far the lengths of a segment may be from what its speed says, in milliseconds, by rounding of the speed. */
const ROUNDED_MS = 20

/** A passage as it is reported. */
export function segmentOf({ run, picture, sound }: Passage): Segment {
  return {
    queryStart: seconds(run.queryStartMs),
    queryEnd: seconds(run.queryEndMs),
    refStart: seconds(run.refStartMs),
    refEnd: seconds(run.refEndMs),
    score: Math.round(scoreOf({ picture, sound }) * 1e4) / 1e4,
    kind: sound === 0 ? 'video' : picture === 0 ? 'audio' : 'both',
    speed: speedOf(Math.abs(run.rate), lengthMs(run)),
    mirrored: run.mirrored,
    reversed: run.rate < 0,
    turn: run.turn,
  }
}

/** Whole milliseconds as seconds. */
function seconds(ms: number): number {
  return Math.round(ms) / 1000
}

/** Three decimals of a rate, more where they would not carry over the length. */
export function speedOf(rate: number, ms: number): number {
  const rounded = Math.round(rate * 1000) / 1000
  return Math.abs(rounded - rate) * ms <= ROUNDED_MS ? rounded : Math.round(rate * 1e6) / 1e6
}
