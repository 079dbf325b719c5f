import { expect, test } from 'vitest'
import { fingerprintOf, randomOf } from '../testing/synthetic-fingerprint.ts'
import { DCT_SIDE } from '../video/dct.ts'
import { type Orientation, pdqOrientedHash } from '../video/dihedral.ts'
import { matchFingerprints } from './match-fingerprints.ts'

/** Coefficients of pictures with a scene every four seconds, and some movement in it. */
function film(seconds: number): Float64Array[] {
  const random = randomOf(3)
  const noise = () => Float64Array.from({ length: DCT_SIDE * DCT_SIDE }, () => random() - 0.5)
  let picture = noise()
  return Array.from({ length: seconds * 4 }, (_, frame) => {
    picture = frame % 16 === 0 ? noise() : picture.map((value) => value + (random() - 0.5) / 4)
    return picture
  })
}

const frames = film(40)
const shown = (pictures: readonly Float64Array[], orientation: Orientation) =>
  fingerprintOf({
    hashes: pictures.map((one) => pdqOrientedHash(one, orientation)),
    quality: pictures.map(() => 90),
    items: [],
  })
const ref = shown(frames, 'upright')

test.each([
  { orientation: 'upright', mirrored: false, turn: 0 },
  { orientation: 'mirrored', mirrored: true, turn: 0 },
  { orientation: 'upsideDown', mirrored: true, turn: 180 },
  { orientation: 'turned90', mirrored: false, turn: 90 },
  { orientation: 'turned180', mirrored: false, turn: 180 },
  { orientation: 'turned270', mirrored: false, turn: 270 },
] as const)('a passage says how it was laid: $orientation', ({ orientation, mirrored, turn }) => {
  const query = shown(frames.slice(40, 120), orientation)
  const { segments } = matchFingerprints(query, ref)
  expect(segments).toMatchObject([{ queryStart: 0, mirrored, turn, reversed: false, speed: 1 }])
  expect(Math.abs((segments[0]?.refStart ?? 0) - 10)).toBeLessThan(0.5)
})

test('a passage that runs backwards says so', () => {
  const query = shown(frames.slice(40, 120).reverse(), 'upright')
  const { segments } = matchFingerprints(query, ref)
  expect(segments).toMatchObject([{ reversed: true, mirrored: false, turn: 0, speed: 1 }])
  expect(Math.abs((segments[0]?.refStart ?? 0) - 10)).toBeLessThan(0.5)
  expect(Math.abs((segments[0]?.refEnd ?? 0) - 30)).toBeLessThan(0.5)
})
