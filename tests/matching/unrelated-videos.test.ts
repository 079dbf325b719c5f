import { compareFingerprints, type Fingerprint } from '@kinoprint/dna'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFootageFolder, queryFingerprintOf } from './footage.fixture.ts'

const videos = openFootageFolder()
afterAll(videos.close)

/** Seed and length of videos whose parts look alike by chance, at another size or speed: of 56, those that agree most. */
const VIDEOS = [
  [1, 24],
  [2, 12],
  [7, 12],
  [38, 24],
  [82, 8],
  [91, 8],
] as const

const fingerprints = new Map<number, Fingerprint>()
beforeAll(async () => {
  for (const [seed, seconds] of VIDEOS) {
    const size = { width: 640, height: 360 }
    const path = await videos.render(`film-${seed}`, { seed, seconds, sound: 'none', ...size })
    fingerprints.set(seed, await queryFingerprintOf(path))
  }
})

test('no two of many unrelated videos are copies of each other', () => {
  const all = [...fingerprints]
  const scores = all.flatMap(([seed, one], i) =>
    all.slice(i + 1).map(([other, two]) => ({
      pair: `${seed} and ${other}`,
      score: compareFingerprints(one, two).score,
    })),
  )
  expect(scores).toHaveLength(15)
  // Well below 0.45, from which a pair is accepted.
  expect(scores.filter(({ score }) => score > 0.4)).toEqual([])
})
