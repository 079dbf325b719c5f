import { expect, test } from 'vitest'
import { cropped, ORIENTED, overlaid, sceneFrame } from '../../../testing/synthetic-video.ts'
import { FingerprintBuilder } from '../../fingerprint/fingerprint-builder.ts'
import { hashDistance } from '../../hash/hamming.ts'
import { indexFramesOf } from '../../index/index-frames.ts'
import { furtherFramesOf, queryHashesOf } from '../../index/query-hashes.ts'
import { matchFingerprints } from '../match-fingerprints.ts'

const FRAMES = 24
const film = Array.from({ length: FRAMES }, (_, i) => sceneFrame(i))
const background = Array.from({ length: FRAMES }, (_, i) => sceneFrame(400 + i))

function fingerprintOf(frames: readonly Uint8Array[], isQuery: boolean) {
  const builder = new FingerprintBuilder(isQuery ? { query: { viewIntervalMs: 250, aspect: 16 / 9 } } : {})
  for (const [i, pixels] of frames.entries()) builder.pushFrame(i * 250, pixels)
  return builder.finish({ durationSeconds: frames.length / 4, audioStartMs: 0 })
}

const stored = fingerprintOf(film, false)

function middle(share: number) {
  return {
    left: (1 - share) / 2,
    top: (1 - share) / 2,
    right: (1 + share) / 2,
    bottom: (1 + share) / 2,
  }
}
const CROPS = {
  'the middle 0.7': middle(0.7),
  'the middle 0.8': middle(0.8),
  'the middle 0.9': middle(0.9),
  'the top left 0.8': { left: 0, top: 0, right: 0.8, bottom: 0.8 },
  'the top left 0.9': { left: 0, top: 0, right: 0.9, bottom: 0.9 },
  'the bottom right 0.9': { left: 0.1, top: 0.1, right: 1, bottom: 1 },
}
const names = Object.keys(ORIENTED) as (keyof typeof ORIENTED)[]
/** What a segment reports for each orientation. */
const REPORTED = {
  upright: { mirrored: false, turn: 0 },
  mirrored: { mirrored: true, turn: 0 },
  'upside down': { mirrored: true, turn: 180 },
  'turned by 180 degrees': { mirrored: false, turn: 180 },
  'turned by 270 degrees': { mirrored: false, turn: 270 },
  'turned by 90 degrees': { mirrored: false, turn: 90 },
}
const crops = Object.keys(CROPS) as (keyof typeof CROPS)[]

test.each(crops.flatMap((crop) => names.map((orientation) => [crop, orientation] as const)))(
  'a copy of %s is recognised %s',
  (crop, orientation) => {
    const query = fingerprintOf(
      film.map((pixels) => cropped(pixels, CROPS[crop], ORIENTED[orientation])),
      true,
    )
    const match = matchFingerprints(query, stored)
    expect(match.accepted).toBe(true)
    expect(match.segments).toHaveLength(1)
    expect(match.segments[0]).toMatchObject({ speed: 1, ...REPORTED[orientation] })
    expect(Math.abs((match.segments[0]?.refStart ?? 9) - (match.segments[0]?.queryStart ?? 0))).toBeLessThan(
      0.5,
    )
    if (orientation === 'upright' || orientation === 'mirrored') expect(nearestOf(query)).toBeLessThan(60)
  },
)

/** Smallest distance between a query hash and an index entry within one second of it. */
function nearestOf(query: ReturnType<typeof fingerprintOf>): number {
  const entries = indexFramesOf(stored)
  const hashes = [...queryHashesOf(query).video, ...furtherFramesOf(query)]
  const distances = hashes.flatMap(({ timeMs, hash }) =>
    entries
      .filter((entry) => Math.abs(entry.timeMs - timeMs) <= 1000)
      .map((entry) => hashDistance(hash, 0, { b: entry.hash, j: 0 })),
  )
  return Math.min(...distances)
}

test.each(names)('an inset is recognised %s, and its hashes are among those of the query', (orientation) => {
  const whole = { left: 0, top: 0, right: 1, bottom: 1 }
  const inset = { left: 20.5, top: 40.25, right: 140, bottom: 150 }
  const frames = film.map((pixels, i) =>
    overlaid(cropped(pixels, whole, ORIENTED[orientation]), inset, background[i]),
  )
  const query = fingerprintOf(frames, true)
  const match = matchFingerprints(query, stored)
  expect(match.accepted).toBe(true)
  expect(match.segments).toHaveLength(1)
  expect(match.segments[0]).toMatchObject(REPORTED[orientation])
  expect(nearestOf(query)).toBeLessThan(60)
})
