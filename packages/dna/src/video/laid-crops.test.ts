import { expect, test } from 'vitest'
import { keyframesOf } from '../candidates/keyframes-of.ts'
import { queryProbesOf } from '../candidates/query-probes-of.ts'
import { FingerprintBuilder } from '../fingerprint-builder.ts'
import { hashDistance } from '../match/hamming.ts'
import { matchFingerprints } from '../match/match-fingerprints.ts'
import { cropped, LAYINGS, sceneFrame, withBars } from '../testing/synthetic-video.ts'

const FRAMES = 40
const film = Array.from({ length: FRAMES }, (_, i) => sceneFrame(i))
const behind = Array.from({ length: FRAMES }, (_, i) => sceneFrame(400 + i))

function fingerprintOf(frames: readonly Uint8Array[], isQuery: boolean) {
  const builder = new FingerprintBuilder(isQuery ? { query: { viewIntervalMs: 250, aspect: 16 / 9 } } : {})
  for (const [i, pixels] of frames.entries()) builder.pushFrame(i * 250, pixels)
  return builder.finish({ durationSeconds: frames.length / 4, audioStartMs: 0 })
}

const stored = fingerprintOf(film, false)

const middle = (share: number) => ({
  left: (1 - share) / 2,
  top: (1 - share) / 2,
  right: (1 + share) / 2,
  bottom: (1 + share) / 2,
})
const CROPS = {
  'the middle 0.7': middle(0.7),
  'the middle 0.8': middle(0.8),
  'the middle 0.9': middle(0.9),
  'the top left 0.8': { left: 0, top: 0, right: 0.8, bottom: 0.8 },
  'the top left 0.9': { left: 0, top: 0, right: 0.9, bottom: 0.9 },
  'the bottom right 0.9': { left: 0.1, top: 0.1, right: 1, bottom: 1 },
}
const names = Object.keys(LAYINGS) as (keyof typeof LAYINGS)[]
/** What a segment says of each way. */
const SAID = {
  'as it is': { mirrored: false, turn: 0 },
  mirrored: { mirrored: true, turn: 0 },
  'upside down': { mirrored: true, turn: 180 },
  'turned by half': { mirrored: false, turn: 180 },
  'turned to the left': { mirrored: false, turn: 270 },
  'turned to the right': { mirrored: false, turn: 90 },
}
const crops = Object.keys(CROPS) as (keyof typeof CROPS)[]

test.each(crops.flatMap((crop) => names.map((laying) => [crop, laying] as const)))(
  '%s of a picture is recognised %s',
  (crop, laying) => {
    const query = fingerprintOf(
      film.map((pixels) => cropped(pixels, CROPS[crop], LAYINGS[laying])),
      true,
    )
    const match = matchFingerprints(query, stored)
    expect(match.accepted).toBe(true)
    expect(match.segments).toHaveLength(1)
    expect(match.segments[0]).toMatchObject({ speed: 1, ...SAID[laying] })
    expect(Math.abs((match.segments[0]?.refStart ?? 9) - (match.segments[0]?.queryStart ?? 0))).toBeLessThan(
      0.5,
    )
    if (laying === 'as it is' || laying === 'mirrored') expect(nearestOf(query)).toBeLessThan(60)
  },
)

/** Distance of the nearest pair of a frame that the index is asked for and one of the same second in it. */
function nearestOf(query: ReturnType<typeof fingerprintOf>): number {
  const entries = keyframesOf(stored)
  const distances = queryProbesOf(query).video.flatMap(({ timeMs, hash }) =>
    entries
      .filter((entry) => Math.abs(entry.timeMs - timeMs) <= 1000)
      .map((entry) => hashDistance(hash, 0, { b: entry.hash, j: 0 })),
  )
  return Math.min(...distances)
}

test.each(names)('a picture in a picture is recognised %s, and the index is asked for it', (laying) => {
  const whole = { left: 0, top: 0, right: 1, bottom: 1 }
  const inset = { left: 20.5, top: 40.25, right: 140, bottom: 150 }
  const frames = film.map((pixels, i) => withBars(cropped(pixels, whole, LAYINGS[laying]), inset, behind[i]))
  const query = fingerprintOf(frames, true)
  const match = matchFingerprints(query, stored)
  expect(match.accepted).toBe(true)
  expect(match.segments).toHaveLength(1)
  expect(match.segments[0]).toMatchObject(SAID[laying])
  expect(nearestOf(query)).toBeLessThan(60)
})
