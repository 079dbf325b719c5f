import { expect, test } from 'vitest'
import { overlaid, SIDE, sceneFrame } from '../../../testing/synthetic-video.ts'
import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { FingerprintBuilder } from '../../fingerprint/fingerprint-builder.ts'
import { alignLocal } from './align-local.ts'

const STEP_MS = 250
const SECONDS = 30

type Part = { readonly recursAfter: number; readonly from: number; readonly isQuery: boolean }

/** The part of a film from a second on, which starts again after `recursAfter` seconds. A query shows a part of the picture. */
function fingerprintOf({ recursAfter, from, isQuery }: Part): Fingerprint {
  const builder = new FingerprintBuilder(
    isQuery ? { query: { viewIntervalMs: STEP_MS, aspect: 1 } } : { aspect: 1 },
  )
  const seconds = isQuery ? SECONDS / 2 : SECONDS
  for (let i = 0; i < 4 * seconds; i++) {
    const frame = sceneFrame((4 * from + i) % (4 * recursAfter))
    builder.pushFrame(i * STEP_MS, isQuery ? zoomed(frame) : frame)
  }
  return builder.finish({ durationSeconds: seconds, audioStartMs: 0 })
}

/** Shows two thirds of the width and height. */
function zoomed(pixels: Uint8Array): Uint8Array {
  return overlaid(pixels, { left: -40, top: -60, right: 1.5 * SIDE - 40, bottom: 1.5 * SIDE - 60 })
}

function align(recursAfter: number) {
  const query = fingerprintOf({ recursAfter, from: 5, isQuery: true })
  return alignLocal(query, fingerprintOf({ recursAfter, from: 0, isQuery: false })).segments
}

test('keypoints that agree ten seconds later as well prove no copy', () => {
  expect(align(10).filter(({ isStatic }) => !isStatic)).toEqual([])
})

test('the same keypoints prove a copy if they do not recur', () => {
  const [segment] = align(SECONDS)
  expect(segment?.isStatic).toBe(false)
  expect(segment?.evidence).toBeGreaterThan(2.5)
})
