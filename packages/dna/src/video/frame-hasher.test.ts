import { expect, test } from 'vitest'
import { hashDistance } from '../match/hamming.ts'
import { SIDE, sceneFrame, withBars } from '../testing/synthetic-video.ts'
import { FrameHasher } from './frame-hasher.ts'
import { pdqHash } from './pdq.ts'
import { lumaOfWindow } from './resample.ts'

test('frames that were hashed before their bars were known are hashed again without them', () => {
  const window = { left: 0, top: 30, right: SIDE, bottom: 162 }
  const full = Array.from({ length: 12 }, (_, i) => sceneFrame(i))
  const barred = Array.from({ length: 40 }, (_, i) => withBars(sceneFrame(100 + i), window))
  const hashes: Uint32Array[] = []
  const hasher = new FrameHasher(({ hash }) => hashes.push(hash))
  for (const [i, pixels] of [...full, ...barred].entries()) hasher.push(250 * i, pixels)
  expect(hashes).toHaveLength(0)
  hasher.finish()
  const apart = barred.map((pixels, i) => {
    const { hash } = pdqHash(lumaOfWindow({ pixels, side: SIDE }, window))
    return hashDistance(hashes[full.length + i] ?? new Uint32Array(8), 0, { b: hash, j: 0 })
  })
  expect(Math.max(...apart)).toBeLessThanOrEqual(16)
})
