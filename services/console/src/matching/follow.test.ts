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

test.each([
  ['ahead by 0.3 s', 0.3, 1, 0.04],
  ['behind by 0.3 s, twice as fast', -0.3, 2, 0.04],
  ['ahead by 0.1 s, with late frames', 0.1, 1.25, 0.12],
  ['behind by 5 s', -5, 1, 0.04],
] as const)('a follower %s is within 80 ms after 2 s and stays there', (_, knock, rate, tick) => {
  let [leader, follower, seeks] = [10, 10 * rate + knock, 0]
  for (let clock = 0; clock < 10; clock += tick) {
    const want = leader * rate
    const act = correctionOf({ have: follower, want }, { rate, frame })
    if (Math.abs(follower - want) > 0.08) expect(act).not.toEqual({ act: 'rate', rate })
    if (clock > 2) expect(Math.abs(follower - want)).toBeLessThan(0.08)
    leader += tick
    if (act.act === 'rate') follower += act.rate * tick
    // A seek takes what the correction allows for it.
    else {
      seeks++
      leader += 0.15
      follower = act.time + rate * tick
    }
  }
  expect(seeks).toBe(Math.abs(knock) > 0.35 ? 1 : 0)
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
