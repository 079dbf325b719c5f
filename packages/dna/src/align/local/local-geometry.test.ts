import { expect, test } from 'vitest'
import { randomOf } from '../../../testing/random.ts'
import type { DescriptorMatch } from '../../local/descriptor-matcher.ts'
import { agreementOf, type Points } from './local-geometry.ts'

const COUNT = 24
const random = randomOf(5)
const ref: Points = {
  x: Float64Array.from({ length: COUNT }, () => 240 * random()),
  y: Float64Array.from({ length: COUNT }, () => 140 * random()),
  scale: Float64Array.from({ length: COUNT }, (_, i) => 2 ** ((i % 3) / 2)),
}
const matches: DescriptorMatch[] = Array.from(ref.x, (_, i) => ({ query: i, ref: i, bits: 4 }))

/** The points at another size, rotated clockwise around the middle of the frame. Scales are known to half an octave. */
function shown({ scale, degrees }: { scale: number; degrees: number }): Points {
  const [a, b] = [scale * Math.cos((degrees * Math.PI) / 180), scale * Math.sin((degrees * Math.PI) / 180)]
  return {
    x: ref.x.map((x, i) => a * (x - 120) - b * ((ref.y[i] as number) - 70) + 100),
    y: ref.y.map((y, i) => b * ((ref.x[i] as number) - 120) + a * (y - 70) + 60),
    scale: ref.scale.map((level) => 2 ** (Math.round(2 * Math.log2(level * scale)) / 2)),
  }
}

test.each([
  { scale: 1, degrees: 0 },
  { scale: 1.19, degrees: 0 },
  { scale: 1.19, degrees: 8 },
  { scale: 0.6, degrees: -10 },
])('keypoints of a picture shown $scale times as large, rotated by $degrees degrees, agree', (as) => {
  const found = agreementOf(shown(as), ref, matches)
  expect(found?.inliers).toBe(COUNT)
  expect(found?.placement.scale).toBeCloseTo(as.scale, 2)
  // The box of a rotated picture is upright, so its middle is only about right.
  const { scale = 0, left = 0, top = 0 } = found?.placement ?? {}
  expect(Math.abs(scale * 120 + left - 100)).toBeLessThan(12)
  expect(Math.abs(scale * 70 + top - 60)).toBeLessThan(12)
})

test('keypoints of a picture rotated by more than their descriptors tolerate agree in part only', () => {
  expect(agreementOf(shown({ scale: 1, degrees: 40 }), ref, matches)?.inliers).toBeLessThan(COUNT / 2)
})

test('three keypoints agree as one of them proposes', () => {
  const found = agreementOf(shown({ scale: 1, degrees: 0 }), ref, matches.slice(0, 3))
  expect(found).toMatchObject({ inliers: 3, placement: { scale: 1 } })
})

test('no matches, no agreement', () => {
  expect(agreementOf(ref, ref, [])).toBeNull()
})
