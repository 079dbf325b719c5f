import { expect, test } from 'vitest'
import type { TrackSegment } from './segment.ts'
import { suppressRepeats } from './suppress-repeats.ts'

function segmentAt(queryStartMs: number, refStartMs: number, evidence: number): TrackSegment {
  return {
    queryStartMs,
    queryEndMs: queryStartMs + 8000,
    refStartMs,
    refEndMs: refStartMs + 8000,
    rate: 1,
    evidence,
    difference: 0.1,
    mirrored: false,
    turn: 0,
  }
}

test('a weak second explanation of the same moment is dropped, and an equally strong one is kept', () => {
  const best = segmentAt(0, 0, 10)
  const equal = segmentAt(0, 60_000, 9)
  const weak = segmentAt(2000, 30_000, 2)
  expect(suppressRepeats([weak, best, equal])).toEqual([best, equal])
})

test('a weak segment that overlaps no stronger one is kept', () => {
  const segments = [segmentAt(0, 0, 10), segmentAt(20_000, 20_000, 1)]
  expect(suppressRepeats(segments)).toEqual(segments)
})
