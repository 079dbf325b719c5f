import { expect, test } from 'vitest'
import { randomOf } from '../../testing/random.ts'
import {
  DESCRIPTOR_WORDS,
  describe as describeKeypoint,
  mirrorDescriptors,
  PATCH_RADIUS,
} from './descriptor.ts'
import { keyOf, UNCERTAIN_BITS, uncertainKeyBits } from './descriptor-key.ts'
import type { Picture } from './square-picture.ts'

const SIDE = 2 * PATCH_RADIUS + 1
const MIDDLE = PATCH_RADIUS * SIDE + PATCH_RADIUS

function keysOf(picture: Picture): [upright: number, mirrored: number] {
  const descriptor = new Uint32Array(DESCRIPTOR_WORDS)
  describeKeypoint(picture, MIDDLE, descriptor)
  return [keyOf(descriptor, 0), keyOf(mirrorDescriptors(descriptor), 0)]
}

test('a little noise changes the uncertain bits of a key more often than the others', () => {
  const random = randomOf(5)
  const changes = { uncertain: 0, other: 0 }
  for (let patch = 0; patch < 200; patch++) {
    const pixels = Float32Array.from({ length: SIDE * SIDE }, () => 256 * random())
    const picture = { pixels, width: SIDE, height: SIDE }
    const noisy = { ...picture, pixels: pixels.map((value) => value + 12 * (random() - 0.5)) }
    const bits = uncertainKeyBits(picture, MIDDLE)
    expect(bits).toHaveLength(2 * UNCERTAIN_BITS)
    for (const [i, key] of keysOf(picture).entries()) {
      const uncertain = bits.slice(UNCERTAIN_BITS * i, UNCERTAIN_BITS * (i + 1))
      const changed = key ^ (keysOf(noisy)[i] as number)
      for (let bit = 0; bit < 28; bit++)
        if ((changed >>> bit) & 1) changes[uncertain.includes(bit) ? 'uncertain' : 'other']++
    }
  }
  expect(changes.uncertain).toBeGreaterThan(100)
  expect(changes.other).toBeLessThan(changes.uncertain / 5)
})
