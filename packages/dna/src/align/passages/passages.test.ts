import { expect, test } from 'vitest'
import { randomOf } from '../../../testing/random.ts'
import {
  cut,
  type Footage,
  fingerprintOf,
  footage,
  played,
  splice,
  withNoise,
} from '../../../testing/synthetic-fingerprint.ts'
import { compareFingerprints } from '../compare-fingerprints.ts'
import { matchFingerprints } from '../match-fingerprints.ts'
import type { Segment } from '../segments/segment.ts'

const film = footage(7, 120)
const other = footage(8, 120)

function silent(part: Footage): Footage {
  return { ...part, items: [] }
}

function passagesOf(query: Footage, bits = 8): Segment[] {
  const match = matchFingerprints(fingerprintOf(silent(query), { bits }), fingerprintOf(silent(film)))
  expect(match.accepted).toBe(true)
  return [...match.segments]
}

/** Query start and end, and reference start, each to half a second. */
function rounded(segments: readonly Segment[]): number[][] {
  return segments.map(({ queryStart, queryEnd, refStart }) =>
    [queryStart, queryEnd, refStart].map((time) => Math.round(2 * time) / 2),
  )
}

test('jump cuts are passages of their own, not one line at another speed', () => {
  const query = splice(...[10, 16, 22, 28].map((from) => cut(film, from, from + 2)))
  const passages = passagesOf(query)
  expect(rounded(passages)).toEqual([
    [0, 2, 10],
    [2, 4, 16],
    [4, 6, 22],
    [6, 8, 28],
  ])
  expect(passages.every(({ speed }) => speed === 1)).toBe(true)
})

test('each pass of a loop is a passage', () => {
  const pass = cut(film, 30, 33)
  expect(rounded(passagesOf(splice(pass, pass, pass)))).toEqual([
    [0, 3, 30],
    [3, 6, 30],
    [6, 9, 30],
  ])
})

test('shots in another order are passages, and what is inserted between them is none', () => {
  const query = splice(cut(film, 80, 83), cut(other, 10, 14), cut(film, 20, 22), cut(film, 50, 52))
  expect(rounded(passagesOf(query))).toEqual([
    [0, 3, 80],
    [7, 9, 20],
    [9, 11, 50],
  ])
})

test('a speed ramp is divided where its speed changes', () => {
  const query = splice(cut(film, 20, 26), played(cut(film, 26, 38), 2))
  const passages = passagesOf(query)
  expect(passages.map(({ speed }) => Math.round(10 * speed) / 10)).toEqual([1, 2])
  expect(Math.abs((passages[1]?.queryStart ?? 0) - 6)).toBeLessThanOrEqual(1)
})

test('a passage extends over pictures that are nearer than chance, but too far for proof', () => {
  const random = randomOf(5)
  const clear = cut(film, 40, 48)
  const dim = cut(film, 48, 56)
  const query = splice(clear, { ...dim, hashes: dim.hashes.map((hash) => withNoise(hash, 140, random)) })
  expect(rounded(passagesOf(query))).toEqual([[0, 16, 40]])
})

test('passages are the same with the videos in either order', () => {
  const query = fingerprintOf(splice(cut(film, 80, 83), cut(other, 10, 14), cut(film, 20, 23)), { bits: 8 })
  const ref = fingerprintOf(film)
  const forth = compareFingerprints(query, ref).segments
  const back = compareFingerprints(ref, query).segments
  const times = ({ queryStart, queryEnd, refStart, refEnd }: Segment) => [
    queryStart,
    queryEnd,
    refStart,
    refEnd,
  ]
  const swapped = back.map((one) => [one.refStart, one.refEnd, one.queryStart, one.queryEnd])
  expect(swapped.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))).toEqual(forth.map(times))
})
