import { expect, test } from 'vitest'
import type { MediaInfo } from '../media-info.ts'
import { areShortEnough, sectionsAt, threadsThatPay, wantedSplits } from './plan-sections.ts'

const film: MediaInfo = {
  format: 'mp4',
  kind: 'video',
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

test('five minutes are split into one section for each of two threads, and longer videos into shorter sections', () => {
  expect(wantedSplits(film, 2)).toEqual([150])
  expect(wantedSplits({ ...film, durationSeconds: 340 }, 2)).toEqual([85, 170, 255])
})

test.each([
  ['a video for one thread', film, 1],
  ['a short video', { ...film, durationSeconds: 50 }, 2],
  ['a small video', { ...film, width: 640, height: 360 }, 2],
  ['a truncated file', { ...film, missingBytes: 1 }, 2],
  ['a video of unknown length', { ...film, durationSeconds: undefined }, 2],
])('%s is not split', (_, info, threads) => {
  expect(wantedSplits(info, threads)).toEqual([])
})

test('at most three minutes of frames are buffered, however many threads there are', () => {
  const splits = wantedSplits({ ...film, durationSeconds: 1790 }, 16)
  expect(splits).toHaveLength(39)
  expect(Math.max(...splits.map((split, n) => split - (splits[n - 1] ?? 0)))).toBeLessThanOrEqual(45)
})

test('a section starts at the first whole second from its keyframe on, and none is empty', () => {
  expect(sectionsAt([0, 56.3, 56.3, 116, 173.999_6])).toEqual([
    { fromSeconds: 0, toSeconds: 57 },
    { fromSeconds: 57, toSeconds: 116 },
    { fromSeconds: 116, toSeconds: 174 },
    { fromSeconds: 174, toSeconds: undefined },
  ])
})

test('keyframes and small videos get one thread, large videos all threads', () => {
  const small = { ...film, durationSeconds: 18, width: 640, height: 360 }
  expect(threadsThatPay(film, { threads: 2, frames: 'references' })).toBe(2)
  expect(threadsThatPay(film, { threads: 2, frames: 'keyframes' })).toBe(1)
  expect(threadsThatPay(small, { threads: 2, frames: 'all' })).toBe(1)
})

test('a video whose keyframes are minutes apart is not split', () => {
  expect(areShortEnough(sectionsAt([75, 150, 225]), film, 2)).toBe(true)
  expect(areShortEnough(sectionsAt([0, 100]), film, 2)).toBe(false)
  expect(areShortEnough(sectionsAt([200]), film, 2)).toBe(false)
})
