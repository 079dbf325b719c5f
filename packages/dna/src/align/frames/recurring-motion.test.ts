import { expect, test } from 'vitest'
import { cut, type Footage, fingerprintOf, footage, splice } from '../../../testing/synthetic-fingerprint.ts'
import { frameTimelineOf } from './frame-timeline.ts'
import { isSamePart, movesAgain } from './recurring-motion.ts'

const film = footage(7, 90)
const ALL = [0, 90_000] as const

function timelineOf(part: Footage) {
  const { video, durationSeconds } = fingerprintOf(part, { bits: 4 })
  return frameTimelineOf(video, durationSeconds)
}

/** The same `period` seconds over and over, each time with other details: the minutes of a clock. */
function clock(period: number, times: number): Footage {
  const round = cut(film, 0, period)
  const rounds = Array.from({ length: times }, (_, n) => ({
    ...round,
    hashes: round.hashes.map((hash) => hash.map((word, at) => (at === n % 8 ? ~word >>> 0 : word))),
  }))
  return splice(...rounds)
}

test('a clock moves again after a turn, with other details', () => {
  expect(movesAgain(timelineOf(clock(10, 6)), ALL)).toBe(true)
  expect(movesAgain(timelineOf(clock(50, 2)), ALL)).toBe(true)
})

test('a film does not', () => {
  expect(movesAgain(timelineOf(film), ALL)).toBe(false)
})

test('only the minute around a passage counts', () => {
  const late = timelineOf(splice(footage(8, 200), clock(10, 12)))
  expect(movesAgain(late, [0, 60_000])).toBe(false)
  expect(movesAgain(late, [260_000, 290_000])).toBe(true)
  expect(movesAgain(late, [290_000, 260_000])).toBe(true)
})

test('keyframes alone do not tell', () => {
  const { video, durationSeconds } = fingerprintOf(clock(10, 6))
  const every20 = <T extends Uint32Array | Uint8Array>(list: T) => list.filter((_, i) => i % 20 === 0) as T
  const sparse = {
    ...video,
    startMs: every20(video.startMs),
    lastMs: every20(video.lastMs),
    quality: every20(video.quality),
    hashes: video.hashes.filter((_, i) => (i >> 3) % 20 === 0),
  }
  expect(movesAgain(frameTimelineOf(sparse, durationSeconds, { sparse: true }), ALL)).toBe(false)
})

const UPRIGHT = { mirrored: false, turn: 0 } as const

test('the same part of two pictures has the same position within their bars', () => {
  const bars = { left: 0.125, top: 0.125, right: 0.875, bottom: 0.875 }
  const strip = { left: 0.58, top: 0, right: 0.9, bottom: 1 }
  const stripWithinBars = { left: 0.56, top: 0.125, right: 0.8, bottom: 0.875 }
  expect(isSamePart([strip, null], [strip, null], UPRIGHT)).toBe(true)
  expect(isSamePart([stripWithinBars, bars], [strip, null], UPRIGHT)).toBe(true)
  expect(isSamePart([strip, null], [{ ...strip, left: 0.62 }, null], UPRIGHT)).toBe(false)
  expect(isSamePart([strip, null], [null, null], UPRIGHT)).toBe(false)
  expect(isSamePart([null, null], [null, null], UPRIGHT)).toBe(false)
  expect(isSamePart([bars, bars], [null, null], UPRIGHT)).toBe(false)
})

test('the same part of a mirrored or turned picture is where it is shown then', () => {
  const strip = { left: 0.58, top: 0, right: 0.9, bottom: 1 }
  const mirrored = { left: 0.1, top: 0, right: 0.42, bottom: 1 }
  const clockwise = { left: 0, top: 0.58, right: 1, bottom: 0.9 }
  const shownAs = (query: typeof strip, shown: Parameters<typeof isSamePart>[2]) =>
    isSamePart([query, null], [strip, null], shown)
  expect(shownAs(mirrored, { mirrored: true, turn: 0 })).toBe(true)
  expect(shownAs(strip, { mirrored: true, turn: 0 })).toBe(false)
  expect(shownAs(mirrored, { mirrored: false, turn: 180 })).toBe(true)
  expect(shownAs(clockwise, { mirrored: false, turn: 90 })).toBe(true)
  expect(shownAs(clockwise, { mirrored: false, turn: 270 })).toBe(false)
})
