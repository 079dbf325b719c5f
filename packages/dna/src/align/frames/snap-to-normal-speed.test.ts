import { expect, test } from 'vitest'
import { randomOf } from '../../../testing/random.ts'
import {
  cut,
  type Footage,
  fingerprintOf,
  played,
  withNoise,
} from '../../../testing/synthetic-fingerprint.ts'
import { type FrameTimeline, frameTimelineOf } from './frame-timeline.ts'
import { snapToNormalSpeed } from './snap-to-normal-speed.ts'

/** A shot in which `bits` of the hash change between samples. */
function shot(bits: number): Footage {
  const random = randomOf(5)
  let hash = Uint32Array.from({ length: 8 }, () => Math.floor(random() * 2 ** 32))
  const hashes = Array.from({ length: 240 }, () => {
    hash = Uint32Array.from(withNoise(hash, bits, random))
    return hash
  })
  return { hashes, quality: hashes.map(() => 90), items: [] }
}

function timelineOf(footage: Footage, stepMs = 250): FrameTimeline {
  const { video, durationSeconds } = fingerprintOf(footage)
  const kept = Uint32Array.from(video.startMs.keys()).filter((run) => (250 * run) % stepMs === 0)
  const hashes = Uint32Array.from(
    [...kept].flatMap((run) => [...video.hashes.subarray(8 * run, 8 * run + 8)]),
  )
  const startMs = kept.map((run) => 250 * run)
  const quality = new Uint8Array(kept.length).fill(90)
  return frameTimelineOf({ intervalMs: stepMs, startMs, lastMs: startMs, hashes, quality }, durationSeconds)
}

const found = { hits: { size: 0 } as never, weightOf: () => 1 }
/** An alignment of the rows from 2 to 14 s at which the query would play 1.11 times as fast. */
const fast = {
  line: { rate: 0.9, offsetMs: -1800, votes: 1 },
  from: 1,
  to: 7,
  evidence: 5,
  meanEvidence: 1,
}

test('an alignment stretched over a slow shot by another speed returns to speed 1 and its time', () => {
  const film = shot(3)
  const pairing = { rows: timelineOf(film, 2000), columns: timelineOf(cut(film, 2.5, 13.5)), found }
  const { line, from, to } = snapToNormalSpeed(pairing, fast)
  expect(line.rate).toBe(1)
  expect(Math.abs(line.offsetMs + 2500)).toBeLessThanOrEqual(250)
  expect([from, to]).toEqual([2, 6])
})

test('an alignment of footage that does play faster keeps its speed', () => {
  const film = shot(8)
  const columns = timelineOf(played(cut(film, 2, 14), 1 / 0.9))
  expect(snapToNormalSpeed({ rows: timelineOf(film, 2000), columns, found }, fast)).toBe(fast)
})

test('an alignment at speed 1 that is one step off moves to its time', () => {
  const film = shot(8)
  const pairing = { rows: timelineOf(film, 2000), columns: timelineOf(cut(film, 2.5, 13.5)), found }
  const beside = { ...fast, line: { rate: 1, offsetMs: -2750, votes: 1 }, from: 2, to: 6 }
  expect(snapToNormalSpeed(pairing, beside).line.offsetMs).toBe(-2500)
})
