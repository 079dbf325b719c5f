import { expect, test } from 'vitest'
import { lumaOfRect } from '../../reference/luma.ts'
import { pdqHash } from '../../reference/pdq.ts'
import { overlaid, SIDE, sceneFrame } from '../../testing/synthetic-video.ts'
import { hashDistance } from '../hash/hamming.ts'
import { FrameHasher } from './frame-hasher.ts'

test('frames hashed before their letterbox was known are hashed again without it', () => {
  const picture = { left: 0, top: 30, right: SIDE, bottom: 162 }
  const full = Array.from({ length: 12 }, (_, i) => sceneFrame(i))
  const boxed = Array.from({ length: 40 }, (_, i) => overlaid(sceneFrame(100 + i), picture))
  const hashes: Uint32Array[] = []
  const hasher = new FrameHasher({ onFrame: ({ hash }) => hashes.push(hash) })
  for (const [i, pixels] of [...full, ...boxed].entries()) hasher.push(250 * i, pixels)
  expect(hashes).toHaveLength(0)
  hasher.finish()
  const distances = boxed.map((pixels, i) => {
    const { hash } = pdqHash(lumaOfRect({ pixels, side: SIDE }, picture))
    return hashDistance(hashes[full.length + i] ?? new Uint32Array(8), 0, { b: hash, j: 0 })
  })
  expect(Math.max(...distances)).toBeLessThanOrEqual(16)
})
