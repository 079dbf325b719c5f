import type { Segment } from '../src/align/segments/segment.ts'

/** A segment of picture and sound at speed 1, in the first 10 s of both videos, with these changes. */
export function sampleSegment(changes: Partial<Segment> = {}): Segment {
  return {
    queryStart: 0,
    queryEnd: 10,
    refStart: 0,
    refEnd: 10,
    score: 0.9,
    kind: 'both',
    speed: 1,
    mirrored: false,
    reversed: false,
    turn: 0,
    queryBox: null,
    refBox: null,
    part: 'whole',
    pictureScore: 0.9,
    soundScore: 0.8,
    weak: false,
    ...changes,
  }
}
