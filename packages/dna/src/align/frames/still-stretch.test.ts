import { expect, test } from 'vitest'
import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { isStillStretch } from './still-stretch.ts'

/** Ten seconds that change at every sample, then ten of one picture. */
function film(): Fingerprint {
  const startMs = Uint32Array.from({ length: 80 }, (_, n) => 250 * n)
  const hashes = Uint32Array.from({ length: 640 }, (_, at) =>
    at < 320 ? Math.imul(at + 1, 0x9e3779b1) >>> 0 : 0x0f0f0f0f,
  )
  const video = {
    intervalMs: 250,
    startMs,
    lastMs: startMs,
    hashes,
    quality: new Uint8Array(80).fill(90),
    picture: [0, 0, 1, 1],
  } as const
  return { durationSeconds: 20, video, audio: null }
}

test('a stretch is still if the picture rests during most of it', () => {
  expect(isStillStretch(film(), [10_000, 20_000])).toBe(true)
  expect(isStillStretch(film(), [8000, 20_000])).toBe(true)
  expect(isStillStretch(film(), [0, 10_000])).toBe(false)
  expect(isStillStretch(film(), [4000, 12_000])).toBe(false)
  expect(isStillStretch(film(), [10_000, 10_500])).toBe(false)
})
