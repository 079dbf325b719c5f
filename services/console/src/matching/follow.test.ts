import { expect, test } from 'vitest'
import { correctionOf, FrameLength, middleOfFrame } from './follow.ts'

const frame = 1 / 25

test('a follower within half a frame keeps its rate', () => {
  expect(correctionOf({ have: 10.02, want: 10 }, { rate: 1.25, frame })).toEqual({ act: 'rate', rate: 1.25 })
})

test('a follower that is ahead slows down, and one behind speeds up, by a quarter at most', () => {
  expect(correctionOf({ have: 10.05, want: 10 }, { rate: 1, frame })).toEqual({
    act: 'rate',
    rate: expect.closeTo(0.8),
  })
  expect(correctionOf({ have: 9.7, want: 10 }, { rate: 2, frame })).toEqual({ act: 'rate', rate: 2.5 })
})

test('a follower that is far off seeks, ahead by what a seek costs', () => {
  expect(correctionOf({ have: 3, want: 10 }, { rate: 2, frame })).toEqual({ act: 'seek', time: 10.3 })
  expect(correctionOf({ have: 3, want: -1 }, { rate: 1, frame })).toEqual({ act: 'seek', time: 0 })
})

test('a pause settles on the middle of the frame that is shown', () => {
  expect(middleOfFrame(0, frame)).toBeCloseTo(0.02)
  expect(middleOfFrame(0.0399, frame)).toBeCloseTo(0.02)
  // 3 * 0.04 is a little more than 0.12: the frame that begins there counts.
  expect(middleOfFrame(0.12, frame)).toBeCloseTo(0.14)
})

test('the frame length is read from the times of frames, though some are skipped', () => {
  const length = new FrameLength()
  expect(length.seconds).toBe(1 / 25)
  for (const index of [0, 1, 2, 4, 5, 8, 9]) length.see(index / 30)
  expect(length.seconds).toBeCloseTo(1 / 30, 6)
})
