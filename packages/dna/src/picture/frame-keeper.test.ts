import { expect, test } from 'vitest'
import { FrameKeeper } from './frame-keeper.ts'
import { FRAME_PIXELS } from './rect.ts'

const frameAt = (value: number) => new Uint8Array(FRAME_PIXELS).fill(value)

test('one frame of each half second is kept, with its pixels', () => {
  const keeper = new FrameKeeper()
  const frame = new Uint8Array(FRAME_PIXELS)
  for (const [i, ms] of [40, 290, 540, 790, 1040].entries()) keeper.push(ms, frame.fill(i))
  const { intervalMs, timeMs, pixels } = keeper.frames()
  expect(intervalMs).toBe(500)
  expect([...timeMs]).toEqual([40, 540, 1040])
  expect([0, 1, 2].map((i) => pixels[i * FRAME_PIXELS])).toEqual([0, 2, 4])
  expect(pixels).toHaveLength(3 * FRAME_PIXELS)
})

test('the frames of a long video are further apart, and at most 300', () => {
  const keeper = new FrameKeeper()
  const seconds = 400
  for (let i = 0; i < 4 * seconds; i++) keeper.push(250 * i, frameAt(i % 256))
  const { intervalMs, timeMs, pixels } = keeper.frames()
  expect(intervalMs).toBe(2000)
  expect([...timeMs]).toEqual(Array.from({ length: seconds / 2 }, (_, i) => 2000 * i))
  expect(pixels[7 * FRAME_PIXELS]).toBe((4 * 14) % 256)
})

test('a gap leaves no frame out after it', () => {
  const keeper = new FrameKeeper()
  for (const ms of [0, 250, 90_100, 90_200, 90_600]) keeper.push(ms, frameAt(1))
  expect([...keeper.frames().timeMs]).toEqual([0, 90_100, 90_600])
})
