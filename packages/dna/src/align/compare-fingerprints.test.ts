import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashAsShown } from '../../testing/oriented-hash.ts'
import { randomOf } from '../../testing/random.ts'
import {
  cut,
  type Footage,
  fingerprintOf,
  footage,
  played,
  splice,
} from '../../testing/synthetic-fingerprint.ts'
import { DCT_SIDE } from '../hash/dct.ts'
import type { Turn } from '../hash/orientation.ts'
import { compareFingerprints } from './compare-fingerprints.ts'
import type { PairMatch } from './segments/segment.ts'

const film = footage(7, 60)
const other = footage(8, 60)

/** A match with its sides swapped, without speed and turn. */
function swapped({ queryCoverage, refCoverage, segments, ...match }: PairMatch) {
  return {
    ...match,
    queryCoverage: refCoverage,
    refCoverage: queryCoverage,
    segments: segments.map(({ queryStart, queryEnd, refStart, refEnd, speed: _, turn: __, ...rest }) => ({
      ...rest,
      queryStart: refStart,
      queryEnd: refEnd,
      refStart: queryStart,
      refEnd: queryEnd,
    })),
  }
}

function plain(match: PairMatch) {
  return {
    ...match,
    segments: match.segments.map(({ speed: _, turn: __, ...rest }) => rest),
  }
}

function inAnyOrder<T extends { readonly segments: readonly object[] }>(match: T) {
  return { ...match, segments: match.segments.map((segment) => JSON.stringify(sorted(segment))).sort() }
}

function sorted(segment: object) {
  return Object.fromEntries(Object.entries(segment).sort())
}

const scenes = fc
  .array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 4, max: 12 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) =>
    splice(...parts.map(([isFilm, from, length]) => cut(isFilm ? film : other, from, from + length))),
  )
const speeds = fc.constantFrom(1, 1, 1.1, 0.9)

test('two videos share the same segments in either order', () => {
  fc.assert(
    fc.property(scenes, scenes, speeds, (a, b, speed) => {
      const [one, two] = [
        fingerprintOf(played(a, speed), { bits: 16 }),
        fingerprintOf(b, { bits: 8, seed: 2 }),
      ]
      const forth = compareFingerprints(one, two)
      const back = compareFingerprints(two, one)
      expect(inAnyOrder(swapped(back))).toEqual(inAnyOrder(plain(forth)))
      for (const { queryStart, queryEnd, refStart, refEnd, speed } of [...forth.segments, ...back.segments])
        expect(Math.abs((queryEnd - queryStart) * speed - (refEnd - refStart))).toBeLessThan(0.05)
    }),
    { numRuns: 60 },
  )
})

test('segment times do not depend on the order of the videos', () => {
  const part: Footage = cut(film, 12, 27)
  const [whole, excerpt] = [fingerprintOf(film), fingerprintOf(part, { bits: 16 })]
  const [forth] = compareFingerprints(excerpt, whole).segments
  const [back] = compareFingerprints(whole, excerpt).segments
  expect(forth).toMatchObject({ queryStart: 0, queryEnd: 15, speed: 1 })
  expect(back).toMatchObject({ refStart: 0, refEnd: 15, speed: 1 })
  expect([back?.queryStart, back?.queryEnd]).toEqual([forth?.refStart, forth?.refEnd])
})

test('a turn is reported as its opposite when the videos are swapped', () => {
  const random = randomOf(5)
  const pictures = Array.from({ length: 80 }, () =>
    Float64Array.from({ length: DCT_SIDE * DCT_SIDE }, () => random() - 0.5),
  )
  const shown = (of: readonly Float64Array[], turn: Turn) =>
    fingerprintOf({
      hashes: of.map((one) => hashAsShown(one, { mirrored: false, turn })),
      quality: of.map(() => 90),
      items: [],
    })
  const [upright, turned] = [shown(pictures, 0), shown(pictures.slice(8, 60), 90)]
  expect(compareFingerprints(turned, upright).segments).toMatchObject([{ turn: 90 }])
  expect(compareFingerprints(upright, turned).segments).toMatchObject([{ turn: 270 }])
})

test('videos that prove nothing yield their likeliest alignment only if weak ones are included', () => {
  const a = fingerprintOf({ ...cut(film, 40, 41.5), hashes: footage(9, 1.5).hashes })
  const b = fingerprintOf(film)
  expect(compareFingerprints(a, b).segments).toEqual([])
  for (const [query, ref, side] of [
    [a, b, 'refStart'],
    [b, a, 'queryStart'],
  ] as const) {
    const { accepted, segments } = compareFingerprints(query, ref, { includeWeak: true })
    expect([accepted, segments.length]).toEqual([false, 1])
    expect(Math.abs((segments[0]?.[side] ?? 99) - 40)).toBeLessThan(0.5)
  }
})
