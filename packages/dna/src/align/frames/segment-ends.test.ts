import { expect, test } from 'vitest'
import { type Footage, fingerprintOf, footage, splice } from '../../../testing/synthetic-fingerprint.ts'
import type { Alignment } from '../lines/find-alignments.ts'
import { NO_HITS } from './frame-hits.ts'
import type { FramePairing } from './frame-pairing.ts'
import { frameTimelineOf } from './frame-timeline.ts'
import { endsShare } from './segment-ends.ts'

function timelineOf(part: Footage) {
  const { video, durationSeconds } = fingerprintOf(part)
  return frameTimelineOf(video, durationSeconds)
}

/** A picture in which little moves, so that cuts stand out. */
function shot(seed: number, seconds: number): Footage {
  const own = footage(seed, seconds)
  const [first = new Uint32Array(8)] = own.hashes
  return { ...own, hashes: own.hashes.map((_, i) => first.map((word, at) => (at === 0 ? word ^ i : word))) }
}

const three = splice(splice(shot(1, 6), shot(2, 2)), shot(3, 6))
const pairing: FramePairing = {
  rows: timelineOf(three),
  columns: timelineOf(splice(shot(4, 20), splice(shot(2, 2), shot(5, 20)))),
  found: NO_HITS,
}

function share(fromSeconds: number, toSeconds: number) {
  const from = 4 * fromSeconds
  const to = 4 * toSeconds - 1
  const line = { rate: 1, offsetMs: 14_000, votes: 0 }
  const alignment: Alignment = { line, from, to, evidence: 1, meanEvidence: 1 }
  return endsShare(pairing, { alignment, all: [alignment] }, 'rows')
}

test('a short segment between two cuts of the query counts more', () => {
  expect(share(6, 8)).toBeCloseTo(1.6, 2)
})

test('a short segment that fades within a shot on both sides counts less', () => {
  expect(share(2, 4)).toBeCloseTo(0.5, 2)
})

test('a short segment that begins where the query does and fades within a shot is neutral', () => {
  expect(share(0, 2)).toBeCloseTo(1.05, 2)
})

test('the ends of a long segment say little', () => {
  const scene = { ...pairing, rows: timelineOf(shot(9, 40)) }
  const line = { rate: 1, offsetMs: 0, votes: 0 }
  const long: Alignment = { line, from: 4, to: 44, evidence: 1, meanEvidence: 1 }
  expect(endsShare(scene, { alignment: long, all: [long] }, 'rows')).toBeGreaterThan(0.75)
})
