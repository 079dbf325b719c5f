import { type Fingerprint, matchFingerprints } from '@kinoprint/dna'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fingerprintOf, openFootageFolder, queryFingerprintOf } from './footage.fixture.ts'

const videos = openFootageFolder()
afterAll(videos.close)

let stored: Fingerprint
beforeAll(async () => {
  stored = await fingerprintOf(await videos.pattern('stored', 20, 40))
})

async function matchFrom(second: number) {
  const query = await queryFingerprintOf(await videos.pattern(`from-${second}`, second, 12))
  return matchFingerprints(query, stored)
}

test.each([100, 121, 140, 200])(
  'a clock is no copy of the same clock at another time, %i s',
  async (second) => {
    expect(await matchFrom(second)).toMatchObject({ accepted: false })
  },
)

test('a passage of a clock is found at its time', async () => {
  const match = await matchFrom(33)
  expect(match.accepted).toBe(true)
  expect(match.segments[0]?.refStart).toBeCloseTo(13, 0)
})
