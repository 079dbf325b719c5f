import { expect, test } from 'vitest'
import type { MediaInfo } from '../media-info.ts'
import { areEven, piecesAt, piecesWanted, threadsThatPay } from './plan-pieces.ts'

const film: MediaInfo = {
  durationSeconds: 300,
  width: 1920,
  height: 1080,
  rotationDegrees: 0,
  pixelAspect: 1,
  frameRate: 30,
  videoCodec: 'h264',
  videoIndex: 0,
  videoStartSeconds: 0,
  videoDurationSeconds: 300,
  hasAudio: false,
  audioIndex: undefined,
  audioCodec: undefined,
  audioStartSeconds: 0,
  size: 1,
  missingBytes: 0,
  ignoresEditList: false,
  notes: [],
}

test('five minutes for two threads are cut into four parts', () => {
  expect(piecesWanted(film, 2)).toEqual([75, 150, 225])
})

test.each([
  ['one thread has nobody beside it', film, 1],
  ['a short film', { ...film, durationSeconds: 50 }, 2],
  ['small pictures', { ...film, width: 640, height: 360 }, 2],
  ['a file that was cut off', { ...film, missingBytes: 1 }, 2],
  ['a film of unknown length', { ...film, durationSeconds: undefined }, 2],
])('%s: no cut', (_, info, threads) => {
  expect(piecesWanted(info, threads)).toEqual([])
})

test('frames that wait stay within three minutes, however many threads there are', () => {
  const cuts = piecesWanted({ ...film, durationSeconds: 1790 }, 16)
  expect(cuts).toHaveLength(39)
  expect(Math.max(...cuts.map((cut, n) => cut - (cuts[n - 1] ?? 0)))).toBeLessThanOrEqual(45)
})

test('a cut lies on the first whole second from its keyframe on, and no piece is empty', () => {
  expect(piecesAt([0, 56.3, 56.3, 116, 173.999_6])).toEqual([
    { fromSeconds: 0, toSeconds: 57 },
    { fromSeconds: 57, toSeconds: 116 },
    { fromSeconds: 116, toSeconds: 174 },
    { fromSeconds: 174, toSeconds: undefined },
  ])
})

test('keyframes and a short small video are decoded by one thread, a long one by as many as there are', () => {
  const small = { ...film, durationSeconds: 18, width: 640, height: 360 }
  expect(threadsThatPay(film, { threads: 2, frames: 'references' })).toBe(2)
  expect(threadsThatPay(film, { threads: 2, frames: 'keyframes' })).toBe(1)
  expect(threadsThatPay(small, { threads: 2, frames: 'all' })).toBe(1)
})

test('a film whose keyframes are minutes apart is not cut', () => {
  expect(areEven(piecesAt([75, 150, 225]), film, 2)).toBe(true)
  expect(areEven(piecesAt([0, 100]), film, 2)).toBe(false)
  expect(areEven(piecesAt([200]), film, 2)).toBe(false)
})
