import { expect, test } from 'vitest'
import { SparsenessCheck, SparseReferences, worthSkipping } from './sparse-references.ts'

function see(everyMs: number, { seconds, frameRate }: { seconds: number; frameRate: number }): void {
  const check = new SparsenessCheck({ frameRate })
  for (let timeMs = 0; timeMs < seconds * 1000; timeMs += everyMs) check.see(timeMs)
  check.end()
}

test('four, or nearly four, frames per second are enough', () => {
  expect(() => see(250, { seconds: 300, frameRate: 30 })).not.toThrow()
  expect(() => see(320, { seconds: 5, frameRate: 25 })).not.toThrow()
})

test('an encoder that refers to one frame in sixteen is detected within ten seconds', () => {
  expect(() => see(533, { seconds: 5, frameRate: 30 })).toThrow(SparseReferences)
  const check = new SparsenessCheck({ frameRate: 30 })
  const seeUntil = (endMs: number) => {
    for (let timeMs = 0; timeMs <= endMs; timeMs += 533) check.see(timeMs)
  }
  expect(() => seeUntil(11_000)).toThrow(SparseReferences)
})

test('a long still stretch after a good start does not restart decoding before the end is known', () => {
  const check = new SparsenessCheck({ frameRate: 30 })
  for (let timeMs = 0; timeMs <= 60_000; timeMs += 250) check.see(timeMs)
  check.see(70_000)
  expect(() => check.end()).not.toThrow()
})

test('all frames of a video with a low frame rate are decoded', () => {
  expect(worthSkipping({ frameRate: 10 })).toBe(false)
  expect(worthSkipping({ frameRate: 24 })).toBe(true)
})
