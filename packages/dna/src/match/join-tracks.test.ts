import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinTracks } from './join-tracks.ts'
import type { TrackRun } from './segment.ts'
import { segmentOf } from './segment-of.ts'

const lengths = { queryMs: 60_000, refMs: 90_000 }

type Place = { readonly from: number; readonly to: number; readonly at: number; readonly rate?: number }

/** A run from and to a second of the query, at a second of the reference. */
function runOf({ from, to, at, rate = 1 }: Place, fields: Partial<TrackRun> = {}): TrackRun {
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

const told = (pictures: readonly TrackRun[], sounds: readonly TrackRun[]) =>
  joinTracks(pictures, sounds, lengths)
    .map(segmentOf)
    .map(({ kind, queryStart, queryEnd, refStart, refEnd }) => ({
      kind,
      query: [queryStart, queryEnd],
      ref: [refStart, refEnd],
    }))

test('pictures that a cut parts are one passage under the sound that goes on', () => {
  const pictures = [runOf({ from: 0, to: 7.875, at: 11.994 }), runOf({ from: 7.875, to: 15, at: 19.881 })]
  expect(told(pictures, [runOf({ from: 0, to: 15, at: 12.01 })])).toEqual([
    { kind: 'both', query: [0, 15], ref: [11.994, 26.994] },
  ])
})

test('pictures that a cut parts are one passage without sound too', () => {
  const pictures = [runOf({ from: 0, to: 8, at: 12 }), runOf({ from: 8.1, to: 15, at: 20.15 })]
  expect(told(pictures, [])).toEqual([{ kind: 'video', query: [0, 15], ref: [12, 27] }])
})

test('pictures with a gap between them are one passage where the sound fills it, and two where nothing does', () => {
  const pictures = [runOf({ from: 0, to: 5, at: 20 }), runOf({ from: 25, to: 30, at: 45 })]
  expect(told(pictures, [runOf({ from: 0, to: 30, at: 20 })])).toEqual([
    { kind: 'both', query: [0, 30], ref: [20, 50] },
  ])
  expect(told(pictures, [])).toHaveLength(2)
})

test('a sound is shared out among pictures that lie on lines of their own', () => {
  const pictures = [runOf({ from: 0, to: 10, at: 20.5 }), runOf({ from: 10, to: 20, at: 29.6 })]
  const passages = joinTracks(pictures, [runOf({ from: 0, to: 20, at: 20 })], lengths)
  expect(passages.map(({ run, sound }) => [run.queryStartMs, run.queryEndMs, sound])).toEqual([
    [0, 10_000, 10],
    [10_000, 20_000, 10],
  ])
})

test('sound at another speed than the picture stays a passage of its own', () => {
  const found = told([runOf({ from: 0, to: 20, at: 20 })], [runOf({ from: 0, to: 20, at: 18, rate: 1.2 })])
  expect(found.map(({ kind }) => kind)).toEqual(['audio', 'video'])
})

test('mirrored and plain pictures of one place stay two passages', () => {
  const pictures = [
    runOf({ from: 0, to: 10, at: 20 }),
    runOf({ from: 10, to: 20, at: 30 }, { mirrored: true }),
  ]
  expect(told(pictures, [])).toHaveLength(2)
})

const place = fc.record({
  from: fc.integer({ min: 0, max: 50 }),
  to: fc.integer({ min: 1, max: 10 }),
  // Offsets that differ by fractions of a second, so that many lines nearly meet.
  at: fc.integer({ min: -4, max: 12 }).map((quarters) => quarters / 4),
  rate: fc.constantFrom(1, 1, 1, 0.96, 1.1, 1.01, -1),
  evidence: fc.integer({ min: 1, max: 40 }),
  mirrored: fc.boolean(),
})
const runs = (isSound: boolean) =>
  fc.array(
    place.map(({ from, to, at, rate, evidence, mirrored }) =>
      runOf(
        { from, to: from + to, at: Math.max(0, from + at), rate: isSound ? Math.abs(rate) : rate },
        { evidence, mirrored: !isSound && mirrored },
      ),
    ),
    { maxLength: 6 },
  )

test('every passage lies in both videos, keeps to its speed, and shares its line with no other that it overlaps', () => {
  fc.assert(
    fc.property(runs(false), runs(true), (pictures, sounds) => {
      const passages = joinTracks(pictures, sounds, lengths)
      const segments = passages.map(segmentOf)
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

type Told = ReturnType<typeof segmentOf>

/** Whether two segments overlap in both videos and put both ends of what they share within .6 s of one place. */
function isRepeated(a: Told, b: Told): boolean {
  const isLaidAlike = a.mirrored === b.mirrored || a.kind === 'audio' || b.kind === 'audio'
  if (!isLaidAlike || a.reversed !== b.reversed) return false
  const [from, to] = [Math.max(a.queryStart, b.queryStart), Math.min(a.queryEnd, b.queryEnd)]
  const sharesRef = Math.max(a.refStart, b.refStart) < Math.min(a.refEnd, b.refEnd)
  const at = (one: Told, time: number) =>
    one.reversed
      ? one.refEnd - (time - one.queryStart) * one.speed
      : one.refStart + (time - one.queryStart) * one.speed
  return sharesRef && from < to && [from, to].every((time) => Math.abs(at(a, time) - at(b, time)) < 0.59)
}
