import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinTracks } from './join-tracks.ts'
import type { Segment, TrackSegment } from './segment.ts'
import { toSegment } from './to-segment.ts'

const lengths = { queryMs: 60_000, refMs: 90_000 }

type Span = { readonly from: number; readonly to: number; readonly at: number; readonly rate?: number }

/** A segment between two seconds of the query that starts at second `at` of the reference. */
function segmentAt({ from, to, at, rate = 1 }: Span, fields: Partial<TrackSegment> = {}): TrackSegment {
  return {
    queryStartMs: 1000 * from,
    queryEndMs: 1000 * to,
    refStartMs: 1000 * at,
    refEndMs: 1000 * (at + (to - from) * Math.abs(rate)),
    rate,
    evidence: 20,
    difference: 0.1,
    mirrored: false,
    turn: 0,
    ...fields,
  }
}

function joined(frames: readonly TrackSegment[], audio: readonly TrackSegment[]) {
  return joinTracks(frames, audio, lengths)
    .map(toSegment)
    .map(({ kind, queryStart, queryEnd, refStart, refEnd }) => ({
      kind,
      query: [queryStart, queryEnd],
      ref: [refStart, refEnd],
    }))
}

test('frame segments split by a shot change are joined under continuous audio', () => {
  const frames = [
    segmentAt({ from: 0, to: 7.875, at: 11.994 }),
    segmentAt({ from: 7.875, to: 15, at: 19.881 }),
  ]
  expect(joined(frames, [segmentAt({ from: 0, to: 15, at: 12.01 })])).toEqual([
    { kind: 'both', query: [0, 15], ref: [11.994, 26.994] },
  ])
})

test('frame segments split by a shot change are joined without audio too', () => {
  const frames = [segmentAt({ from: 0, to: 8, at: 12 }), segmentAt({ from: 8.1, to: 15, at: 20.15 })]
  expect(joined(frames, [])).toEqual([{ kind: 'video', query: [0, 15], ref: [12, 27] }])
})

test('sound that starts 5 s before the pictures starts the segment, and both ends of the pictures are known', () => {
  const frames = [segmentAt({ from: 15, to: 28, at: 35 }), segmentAt({ from: 32, to: 40, at: 52 })]
  const sound = [segmentAt({ from: 10, to: 41, at: 30 })]
  expect(joined(frames, sound)).toEqual([{ kind: 'both', query: [10, 40], ref: [30, 60] }])
  expect(joinTracks(frames, sound, lengths)[0]?.pictures).toEqual({ fromMs: 15_000, toMs: 40_000 })
  expect(joinTracks([], sound, lengths)[0]?.pictures).toBeNull()
})

test('frame segments with a gap are joined if audio fills the gap, and stay separate otherwise', () => {
  const frames = [segmentAt({ from: 0, to: 5, at: 20 }), segmentAt({ from: 25, to: 30, at: 45 })]
  expect(joined(frames, [segmentAt({ from: 0, to: 30, at: 20 })])).toEqual([
    { kind: 'both', query: [0, 30], ref: [20, 50] },
  ])
  expect(joined(frames, [])).toHaveLength(2)
})

test('an audio segment is divided among frame segments on different lines', () => {
  const frames = [segmentAt({ from: 0, to: 10, at: 20.5 }), segmentAt({ from: 10, to: 20, at: 29.6 })]
  const segments = joinTracks(frames, [segmentAt({ from: 0, to: 20, at: 20 })], lengths)
  expect(segments.map(({ segment, audio }) => [segment.queryStartMs, segment.queryEndMs, audio])).toEqual([
    [0, 10_000, 10],
    [10_000, 20_000, 10],
  ])
})

test('audio at a different speed from the frames stays a separate segment', () => {
  const found = joined(
    [segmentAt({ from: 0, to: 20, at: 20 })],
    [segmentAt({ from: 0, to: 20, at: 18, rate: 1.2 })],
  )
  expect(found.map(({ kind }) => kind)).toEqual(['audio', 'video'])
})

test('mirrored and upright frames on one line stay two segments', () => {
  const frames = [
    segmentAt({ from: 0, to: 10, at: 20 }),
    segmentAt({ from: 10, to: 20, at: 30 }, { mirrored: true }),
  ]
  expect(joined(frames, [])).toHaveLength(2)
})

const span = fc.record({
  from: fc.integer({ min: 0, max: 50 }),
  to: fc.integer({ min: 1, max: 10 }),
  // Offsets that differ by fractions of a second, so that many lines nearly coincide.
  at: fc.integer({ min: -4, max: 12 }).map((quarters) => quarters / 4),
  rate: fc.constantFrom(1, 1, 1, 0.96, 1.1, 1.01, -1),
  evidence: fc.integer({ min: 1, max: 40 }),
  mirrored: fc.boolean(),
})
function trackSegments(isAudio: boolean) {
  return fc.array(
    span.map(({ from, to, at, rate, evidence, mirrored }) =>
      segmentAt(
        { from, to: from + to, at: Math.max(0, from + at), rate: isAudio ? Math.abs(rate) : rate },
        { evidence, mirrored: !isAudio && mirrored },
      ),
    ),
    { maxLength: 6 },
  )
}

test('every joined segment is inside both videos, keeps its speed, and is collinear with no overlapping segment', () => {
  fc.assert(
    fc.property(trackSegments(false), trackSegments(true), (frames, audio) => {
      const segments = joinTracks(frames, audio, lengths).map(toSegment)
      for (const { queryStart, queryEnd, refStart, refEnd, speed } of segments) {
        expect(queryStart >= 0 && queryEnd <= 60 && refStart >= 0 && refEnd <= 90).toBe(true)
        expect(Math.abs((queryEnd - queryStart) * speed - (refEnd - refStart))).toBeLessThan(0.05)
      }
      for (const [i, a] of segments.entries())
        for (const b of segments.slice(i + 1)) expect(isRepeated(a, b), JSON.stringify([a, b])).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

/** Whether two segments overlap in both videos and map both ends of their overlap to within 0.6 s of each other. */
function isRepeated(a: Segment, b: Segment): boolean {
  const isSameOrientation = a.mirrored === b.mirrored || a.kind === 'audio' || b.kind === 'audio'
  if (!isSameOrientation || a.reversed !== b.reversed) return false
  const [from, to] = [Math.max(a.queryStart, b.queryStart), Math.min(a.queryEnd, b.queryEnd)]
  const sharesRef = Math.max(a.refStart, b.refStart) < Math.min(a.refEnd, b.refEnd)
  const at = (one: Segment, time: number) =>
    one.reversed
      ? one.refEnd - (time - one.queryStart) * one.speed
      : one.refStart + (time - one.queryStart) * one.speed
  return sharesRef && from < to && [from, to].every((time) => Math.abs(at(a, time) - at(b, time)) < 0.59)
}
