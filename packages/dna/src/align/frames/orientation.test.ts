import { expect, test } from 'vitest'
import { hashAsShown, type Shown } from '../../../testing/oriented-hash.ts'
import { randomOf } from '../../../testing/random.ts'
import { fingerprintOf } from '../../../testing/synthetic-fingerprint.ts'
import { DCT_SIDE } from '../../hash/dct.ts'
import { matchFingerprints } from '../match-fingerprints.ts'

/** DCT coefficients of pictures with a new scene every four seconds and some movement within it. */
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
const UPRIGHT: Shown = { mirrored: false, turn: 0 }
function shown(pictures: readonly Float64Array[], as: Shown) {
  return fingerprintOf({
    hashes: pictures.map((picture) => hashAsShown(picture, as)),
    quality: pictures.map(() => 90),
    items: [],
  })
}
const ref = shown(frames, UPRIGHT)

test.each([
  UPRIGHT,
  { mirrored: true, turn: 0 },
  { mirrored: true, turn: 180 },
  { mirrored: false, turn: 90 },
  { mirrored: false, turn: 180 },
  { mirrored: false, turn: 270 },
] as const)(
  'a segment reports the orientation of its picture: mirrored $mirrored, turned by $turn degrees',
  ({ mirrored, turn }) => {
    const query = shown(frames.slice(40, 120), { mirrored, turn })
    const { segments } = matchFingerprints(query, ref)
    expect(segments).toMatchObject([{ queryStart: 0, mirrored, turn, reversed: false, speed: 1 }])
    expect(Math.abs((segments[0]?.refStart ?? 0) - 10)).toBeLessThan(0.5)
  },
)

test('a segment that runs backwards is reported as reversed', () => {
  const query = shown(frames.slice(40, 120).reverse(), UPRIGHT)
  const { segments } = matchFingerprints(query, ref)
  expect(segments).toMatchObject([{ reversed: true, mirrored: false, turn: 0, speed: 1 }])
  expect(Math.abs((segments[0]?.refStart ?? 0) - 10)).toBeLessThan(0.5)
  expect(Math.abs((segments[0]?.refEnd ?? 0) - 30)).toBeLessThan(0.5)
})
