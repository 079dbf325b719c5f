import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomOf } from '../../testing/random.ts'
import {
  blankFootage,
  cut,
  type Footage,
  fingerprintOf,
  footage,
  played,
  splice,
  withNoise,
} from '../../testing/synthetic-fingerprint.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { isStill } from '../fingerprint/still.ts'
import { MIRROR_MASK } from '../hash/orientation.ts'
import { matchFingerprints, matchWithPictures } from './match-fingerprints.ts'
import type { Segment } from './segments/segment.ts'

const film = footage(7, 120)
const other = footage(8, 120)
const ref = fingerprintOf(film)

function near(segment: Segment | undefined, times: readonly number[], tolerance = 0.5): void {
  const { queryStart, queryEnd, refStart, refEnd } = segment ?? ({} as Segment)
  const found = [queryStart, queryEnd, refStart, refEnd]
  found.forEach((time, i) => {
    expect(Math.abs(time - (times[i] ?? 0)), `${found} for ${times}`).toBeLessThanOrEqual(tolerance)
  })
}

function quiet(part: Footage): Footage {
  return { ...part, items: [] }
}

describe('matchFingerprints', () => {
  test('reports one segment over the whole length for equal videos', () => {
    const match = matchFingerprints(ref, ref)
    expect(match).toMatchObject({
      similar: 100,
      audioSimilar: 100,
      queryCoverage: 1,
      refCoverage: 1,
      accepted: true,
    })
    expect(match.segments).toMatchObject([
      { queryStart: 0, queryEnd: 120, refStart: 0, refEnd: 120, kind: 'both', speed: 1, mirrored: false },
    ])
  })

  test('tells where the pictures start if the sound starts 5 s before them', () => {
    const copy = cut(film, 20, 60)
    const intro = { ...cut(other, 0, 5), items: cut(film, 15, 20).items }
    const match = matchWithPictures(fingerprintOf(splice(cut(other, 60, 80), intro, copy)), ref)
    expect(match.segments).toHaveLength(1)
    near(match.segments[0], [20, 65, 15, 60], 1)
    expect(match.pictures).toHaveLength(1)
    expect(Math.abs((match.pictures[0]?.fromMs ?? 0) - 25_000)).toBeLessThan(300)
    expect(Math.abs((match.pictures[0]?.toMs ?? 0) - 65_000)).toBeLessThan(300)
  })

  test.each(['frames', 'audio'])(
    'reports one segment over the whole length for equal videos with %s alone',
    (track) => {
      const one = fingerprintOf(
        track === 'frames' ? quiet(film) : { ...film, quality: film.quality.map(() => 0) },
      )
      const match = matchFingerprints(one, one)
      expect(match.segments).toMatchObject([{ queryStart: 0, queryEnd: 120, refStart: 0, refEnd: 120 }])
      expect([match.similar, match.audioSimilar]).toEqual(track === 'frames' ? [100, 0] : [0, 100])
    },
  )

  test('finds a noisy excerpt', () => {
    const match = matchFingerprints(fingerprintOf(cut(film, 31, 51), { bits: 24 }), ref)
    expect(match.segments).toHaveLength(1)
    near(match.segments[0], [0, 20, 31, 51])
    expect(match.segments[0]?.kind).toBe('both')
    expect(match.accepted).toBe(true)
    expect(match.similar).toBeGreaterThan(70)
    expect(match.similar).toBeLessThan(95)
  })

  test('finds a part inserted into unrelated footage', () => {
    const query = splice(cut(other, 0, 10), cut(film, 60, 75), cut(other, 40, 52))
    const match = matchFingerprints(fingerprintOf(query, { bits: 16 }), ref)
    expect(match.segments).toHaveLength(1)
    near(match.segments[0], [10, 25, 60, 75])
    expect(match.queryCoverage).toBeCloseTo(15 / 37, 1)
  })

  test('finds a part that occurs three times', () => {
    const part = cut(film, 20, 28)
    const query = splice(part, cut(other, 0, 6), part, cut(other, 20, 26), part)
    const match = matchFingerprints(fingerprintOf(query, { bits: 8 }), ref)
    expect(match.segments).toHaveLength(3)
    near(match.segments[0], [0, 8, 20, 28])
    near(match.segments[1], [14, 22, 20, 28])
    near(match.segments[2], [28, 36, 20, 28])
  })

  test('finds reordered parts', () => {
    const query = splice(cut(film, 40, 50), cut(film, 10, 20), cut(film, 80, 90))
    const match = matchFingerprints(fingerprintOf(query, { bits: 8 }), ref)
    expect(match.segments).toHaveLength(3)
    near(match.segments[0], [0, 10, 40, 50])
    near(match.segments[1], [10, 20, 10, 20])
    near(match.segments[2], [20, 30, 80, 90])
  })

  test('finds a mirrored copy and reports it as mirrored', () => {
    const part = cut(film, 31, 51)
    const hashes = part.hashes.map((hash) => hash.map((word) => (word ^ MIRROR_MASK) >>> 0))
    const match = matchFingerprints(fingerprintOf({ ...quiet(part), hashes }), ref)
    near(match.segments[0], [0, 20, 31, 51])
    expect(match.segments[0]).toMatchObject({ mirrored: true, kind: 'video' })
  })

  test.each([0.9, 1.25])('finds a copy at speed %f', (speed) => {
    const query = quiet(played(cut(film, 30, 60), speed))
    const match = matchFingerprints(fingerprintOf(query, { bits: 8 }), ref)
    expect(match.segments).toHaveLength(1)
    near(match.segments[0], [0, 30 / speed, 30, 60])
    expect(match.segments[0]?.speed).toBeCloseTo(speed, 1)
  })

  test.each([1.1, 1.2])('finds audio at speed %f', (speed) => {
    const { items } = played(cut(film, 30, 60), speed)
    const query = { ...cut(other, 0, Math.round(30 / speed)), items }
    const match = matchFingerprints(fingerprintOf(query), ref)
    expect(match.segments).toMatchObject([{ kind: 'audio', speed }])
    near(match.segments[0], [0, 30 / speed, 30, 60], 1)
  })

  test('takes the speed from the audio if the picture hardly moves', () => {
    const random = randomOf(4)
    let picture = film.hashes[0] ?? new Uint32Array(8)
    const hashes = film.hashes.map(() => {
      picture = withNoise(picture, 2, random)
      return picture
    })
    const scene = { ...film, hashes }
    const copy = played(cut(scene, 30, 52), 1.1)
    const mirrored = copy.hashes.map((hash) => hash.map((word) => (word ^ MIRROR_MASK) >>> 0))
    const query = fingerprintOf({ ...copy, hashes: mirrored }, { bits: 24 })
    const { segments } = matchFingerprints(query, fingerprintOf(scene))
    expect(segments).toMatchObject([{ kind: 'both', speed: 1.1, mirrored: true }])
    near(segments[0], [0, 20, 30, 52])
  })

  test('finds audio under other pictures', () => {
    const query = { ...cut(other, 0, 20), items: cut(film, 30, 50).items }
    const match = matchFingerprints(fingerprintOf(query, { bits: 16 }), ref)
    expect(match.segments).toMatchObject([{ kind: 'audio' }])
    near(match.segments[0], [0, 20, 30, 50], 1.5)
    expect(match).toMatchObject({ similar: 0, accepted: true })
  })

  test('reports audio that is two seconds late separately from the picture', () => {
    const query = { ...cut(film, 30, 50), items: cut(film, 28, 48).items }
    const match = matchFingerprints(fingerprintOf(query), ref)
    expect(match.segments.map(({ kind }) => kind).sort()).toEqual(['audio', 'video'])
    near(
      match.segments.find(({ kind }) => kind === 'video'),
      [0, 20, 30, 50],
    )
    near(
      match.segments.find(({ kind }) => kind === 'audio'),
      [0, 20, 28, 48],
      1.5,
    )
  })

  test('does not match a black and silent video, even with itself', () => {
    const black = fingerprintOf(blankFootage(60))
    expect(matchFingerprints(black, black)).toMatchObject({ score: 0, segments: [], accepted: false })
    expect(matchFingerprints(black, ref).segments).toEqual([])
  })

  test('keeps a black stretch within a segment', () => {
    const query = splice(cut(film, 10, 20), blankFootage(4), cut(film, 24, 34))
    const source = splice(cut(film, 0, 20), blankFootage(4), cut(film, 24, 60))
    const match = matchFingerprints(fingerprintOf(quiet(query), { bits: 8 }), fingerprintOf(quiet(source)))
    expect(match.segments).toHaveLength(1)
    near(match.segments[0], [0, 24, 10, 34])
  })

  test.each([11, 12, 13, 14, 15])('does not match unrelated footage (seed %i)', (seed) => {
    const match = matchFingerprints(fingerprintOf(footage(seed, 40)), ref)
    expect(match.accepted).toBe(false)
    expect(match.score).toBeLessThan(0.2)
  })

  test('reports the most likely segment of an unproven match only on request, with a very low score', () => {
    const query = fingerprintOf({ ...cut(film, 40, 41.5), hashes: footage(9, 1.5).hashes })
    expect(matchFingerprints(query, ref)).toMatchObject({ score: 0, segments: [], accepted: false })
    const weak = matchFingerprints(query, ref, { includeWeak: true })
    expect(weak.accepted).toBe(false)
    expect(weak.score).toBeGreaterThan(0)
    expect(weak.score).toBeLessThan(0.05)
    expect(weak.segments).toHaveLength(1)
    near(weak.segments[0], [0, 1.5, 40, 41.5])
  })

  test('gives the same result every time', () => {
    const query = fingerprintOf(cut(film, 31, 51), { bits: 24 })
    expect(matchFingerprints(query, ref)).toEqual(matchFingerprints(query, ref))
  })
})

function words(maxLength: number) {
  return fc.array(fc.nat({ max: 0xffffffff }), { maxLength }).map((list) => Uint32Array.from(list))
}
const anything: fc.Arbitrary<Fingerprint> = fc.record({
  durationSeconds: fc.oneof(fc.double(), fc.double({ min: 0, max: 60, noNaN: true })),
  video: fc.record({
    intervalMs: fc.oneof(fc.integer(), fc.constant(250)),
    startMs: words(20),
    lastMs: words(20),
    hashes: fc.oneof(words(160), fc.constant(new Uint32Array(160))),
    quality: fc.uint8Array({ maxLength: 20 }),
    picture: fc.constant([0, 0, 1, 1] as const),
  }),
  audio: fc.option(fc.record({ startMs: fc.oneof(fc.double(), fc.integer()), items: words(60) })),
})

/** Whether a stretch has a length and is inside its video. In a still picture it has no length. */
function isWithin(video: Fingerprint, from: number, to: number): boolean {
  const hasLength = isStill(video) ? from === to : from < to
  return from >= 0 && hasLength && to <= video.durationSeconds + 0.001
}

test('arbitrary fingerprints never throw, and their segments are inside both videos and keep their speed', {
  tags: ['aligner-bounds'],
}, () => {
  fc.assert(
    fc.property(anything, anything, (query, reference) => {
      const match = matchFingerprints(query, reference)
      // A still has no length in its own video, so its segments have no speed.
      const isTimed = !isStill(query) && !isStill(reference)
      for (const part of [match.score, match.queryCoverage, match.refCoverage]) {
        expect(part >= 0 && part <= 1).toBe(true)
      }
      for (const { queryStart, queryEnd, refStart, refEnd, speed } of match.segments) {
        const offBy = isTimed ? (queryEnd - queryStart) * speed - (refEnd - refStart) : speed - 1
        expect(Math.abs(offBy)).toBeLessThan(0.05)
        expect(isWithin(query, queryStart, queryEnd)).toBe(true)
        expect(isWithin(reference, refStart, refEnd)).toBe(true)
      }
    }),
    { numRuns: 200 },
  )
})

test('a video that lasts less than a millisecond has no segment', () => {
  const frame = { startMs: Uint32Array.of(0), lastMs: new Uint32Array(0), hashes: new Uint32Array(160) }
  const video = { ...frame, quality: Uint8Array.of(36), picture: [0, 0, 1, 1] } as const
  const short = { durationSeconds: 0.3, video: { ...video, intervalMs: 2000 }, audio: null }
  const shortest = { durationSeconds: 5e-324, video: { ...video, intervalMs: 0 }, audio: null }
  expect(matchFingerprints(short, shortest)).toMatchObject({ score: 0, segments: [] })
  expect(matchFingerprints(shortest, short)).toMatchObject({ score: 0, segments: [] })
})

test('a still picture is not found in a video without length, even if that claims frames', () => {
  const hashes = new Uint32Array(160)
  const runs = { intervalMs: 250, hashes, quality: new Uint8Array(0), picture: [0, 0, 1, 1] } as const
  const still = { ...runs, startMs: Uint32Array.of(0), lastMs: Uint32Array.of(0) }
  for (const frames of [0, 2]) {
    const startMs = new Uint32Array(frames)
    const empty = { durationSeconds: 0, video: { ...runs, startMs, lastMs: startMs }, audio: null }
    const match = matchFingerprints({ durationSeconds: 0, video: still, audio: null }, empty)
    expect(match).toMatchObject({ score: 0, accepted: false, segments: [], refCoverage: 0 })
  }
})

test('an excerpt of any position and length is found', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 5, max: 20 }), (from, length) => {
      const match = matchFingerprints(fingerprintOf(cut(film, from, from + length), { bits: 16 }), ref)
      near(match.segments[0], [0, length, from, from + length])
    }),
    { numRuns: 20 },
  )
})

test('a clip of 20 s is found in half an hour, and half an hour in itself', () => {
  const long = fingerprintOf(footage(21, 1790))
  const clip = fingerprintOf(cut(footage(21, 1790), 700, 720), { bits: 24 })
  near(matchFingerprints(clip, long).segments[0], [0, 20, 700, 720])
  near(matchFingerprints(long, long).segments[0], [0, 1790, 0, 1790])
})

test('half an hour of two alternating pictures is aligned in bounded memory', {
  tags: ['aligner-bounds'],
}, () => {
  const { hashes, quality, items } = footage(5, 1790)
  const few = Array.from({ length: 2 }, (_, i) => footage(100 + i, 1).hashes[0] ?? new Uint32Array(8))
  // Every frame and every audio item matches half of all others: the worst case that can be submitted.
  const strobe = fingerprintOf({
    hashes: hashes.map((_, i) => few[i % 2] ?? new Uint32Array(8)),
    quality,
    items: items.map((_, i) => items[i % 2] ?? 0),
  })
  const before = process.memoryUsage.rss()
  near(matchFingerprints(strobe, strobe).segments[0], [0, 1790, 0, 1790])
  expect(process.memoryUsage.rss() - before).toBeLessThan(1024 * 1024 * 1024)
})
