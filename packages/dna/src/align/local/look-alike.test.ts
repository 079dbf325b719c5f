import { describe, expect, test } from 'vitest'
import { overlaid, sceneFrame } from '../../../testing/synthetic-video.ts'
import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { FingerprintBuilder } from '../../fingerprint/fingerprint-builder.ts'
import { localPairsOf } from './local-pairs.ts'
import { isLookAlike } from './look-alike.ts'

const STEP_MS = 250
const SECONDS = 12
const LAYOUT = sceneFrame(5)
const PATCHES = 9

type Screen = { readonly otherPatches: number; readonly isQuery: boolean }

/** One layout with nine small pictures that change. The first ones are others than in the reference. */
function screenOf({ otherPatches, isQuery }: Screen): Fingerprint {
  const builder = new FingerprintBuilder(
    isQuery ? { query: { viewIntervalMs: STEP_MS, aspect: 1 } } : { aspect: 1 },
  )
  for (let i = 0; i < 4 * SECONDS; i++) {
    let picture = LAYOUT
    for (let patch = 0; patch < PATCHES; patch++) {
      const scene = sceneFrame(1000 * (patch + 1) + 20 * i + (patch < otherPatches ? 50_000 : 0))
      const [left, top] = [20 + 56 * (patch % 3), 20 + 56 * Math.trunc(patch / 3)]
      picture = overlaid(scene, { left, top, right: left + 40, bottom: top + 40 }, picture)
    }
    builder.pushFrame(i * STEP_MS, picture)
  }
  return builder.finish({ durationSeconds: SECONDS, audioStartMs: 0 })
}

const stored = screenOf({ otherPatches: 0, isQuery: false })

const partlyOther = screenOf({ otherPatches: 6, isQuery: true })

/** Judges a line that is off by some milliseconds. */
function judge(query: Fingerprint, offsetMs = 0): boolean {
  if (!query.local || !stored.local) throw new Error('A video has no keypoints')
  const compared = localPairsOf(query.local, stored.local, { mirrored: false, seeds: () => [] })
  const pairs = compared.pairs.filter(({ row, column }) => compared.rowMs[row] === compared.columnMs[column])
  expect(pairs.length).toBeGreaterThan(2)
  const line = { rate: 1, offsetMs, votes: 0 }
  const { placement = { scale: 1, left: 0, top: 0 } } = pairs[0] ?? {}
  return isLookAlike(compared, { line, pairs, placement }, { query, ref: stored })
}

describe('isLookAlike', () => {
  test('a copy of the same screen is none', () => {
    expect(judge(screenOf({ otherPatches: 0, isQuery: true }))).toBe(false)
  })

  test.each([0, 200])(
    'a screen with the same layout and other details is one, on a line off by %i ms',
    (offMs) => {
      expect(judge(partlyOther, offMs)).toBe(true)
    },
  )

  test('a screen that differs nearly everywhere is none', () => {
    expect(judge(screenOf({ otherPatches: PATCHES, isQuery: true }))).toBe(false)
  })
})
