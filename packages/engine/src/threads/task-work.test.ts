import { expect, test } from 'vitest'
import { divide } from './task-work.ts'

const task = { startedAt: 1_000, endedAt: 11_000 }

test('the seconds of a task divide into reading the header, waiting for decoders, and hashing', () => {
  const programs = [
    { program: 'ffprobe', startedAt: 1_100, endedAt: 1_900, handlingMs: 1 },
    // Two decoders at once: the thread waits for both together.
    { program: 'ffmpeg', startedAt: 2_000, endedAt: 8_000, handlingMs: 1_500 },
    { program: 'ffmpeg', startedAt: 3_000, endedAt: 9_000, handlingMs: 500 },
  ]
  expect(divide(programs, task)).toEqual({ probe: 1, decode: 5, hash: 4 })
})

test('a task that fails at the header only probes, and one without a header only decodes and hashes', () => {
  const ffprobe = { program: 'ffprobe', startedAt: 1_100, endedAt: 1_900, handlingMs: 0 }
  expect(divide([ffprobe], task)).toEqual({ probe: 10, decode: 0, hash: 0 })
  const ffmpeg = { program: 'ffmpeg', startedAt: 1_000, endedAt: 9_000, handlingMs: 2_000 }
  expect(divide([ffmpeg], task)).toEqual({ probe: 0, decode: 6, hash: 4 })
})

test('a task without programs has no decoding to divide', () => {
  expect(divide([], task)).toBeNull()
})
