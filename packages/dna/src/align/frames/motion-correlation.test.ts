import { expect, test } from 'vitest'
import { randomOf } from '../../../testing/random.ts'
import {
  cut,
  type Footage,
  fingerprintOf,
  footage,
  played,
  withNoise,
} from '../../../testing/synthetic-fingerprint.ts'
import { type FrameTimeline, frameTimelineOf } from './frame-timeline.ts'
import { correlateMotion } from './motion-correlation.ts'

type Change = (hash: Uint32Array, at: number) => Uint32Array

/** A scene of one camera: a few of the bits of `setting` come and go, as its `seed` says. */
function scene(seed: number, seconds: number): Footage {
  const random = randomOf(seed)
  const own = footage(7, seconds)
  const [setting = new Uint32Array(8)] = own.hashes
  let moved = setting
  return {
    ...own,
    hashes: own.hashes.map((_, i) => {
      if (i % 2 === 0) moved = withNoise(setting, 25, random)
      return moved
    }),
  }
}

function changed(part: Footage, change: Change): Footage {
  return { ...part, hashes: part.hashes.map(change) }
}

/** Covers a third of the picture: as many bits take other values, the same ones all the time. */
const covered: Change = (hash) =>
  Uint32Array.from(hash, (word, at) => (at < 3 ? Math.imul(0x9e3779b9, at + 1) >>> 0 : word))

function timelineOf(part: Footage, intervalMs = 250): FrameTimeline {
  const { video, durationSeconds } = fingerprintOf(part)
  return frameTimelineOf({ ...video, intervalMs }, durationSeconds)
}

function correlate(query: Footage, ref: Footage) {
  return correlateMotion(timelineOf(query), timelineOf(ref))
}

test('a part of a scene is found under a cover that changes a third of its bits', () => {
  const found = correlate(changed(cut(scene(1, 40), 10, 24), covered), scene(1, 40))
  expect(found?.line).toMatchObject({ rate: 1, offsetMs: 10_000 })
  expect(found?.from).toBeLessThanOrEqual(1)
  expect(found?.to).toBeGreaterThanOrEqual(54)
  expect(found?.evidence).toBeGreaterThan(3)
})

test('another take of the same scene is not a copy', () => {
  expect(correlate(cut(scene(2, 40), 10, 24), scene(1, 40))).toBeNull()
})

test('changes that recur every two seconds, as of a timer, prove no offset', () => {
  const period = cut(scene(1, 40), 0, 2).hashes
  const timer = (seconds: number): Footage => {
    const own = footage(7, seconds)
    return { ...own, hashes: own.hashes.map((hash, i) => period[i % period.length] ?? hash) }
  }
  expect(correlate(timer(14), timer(40))).toBeNull()
})

test('frames of the query may be further apart than those of the reference', () => {
  const query = timelineOf(changed(cut(scene(1, 60), 10.5, 36.5), covered), 500)
  const found = correlateMotion(query, timelineOf(scene(1, 60)))
  expect(found?.line).toMatchObject({ rate: 1, offsetMs: 10_500 })
  expect(found?.to).toBeGreaterThanOrEqual(50)
  expect(correlateMotion(query, timelineOf(scene(2, 60)))).toBeNull()
})

test('frames of the query that are closer together than those of the reference are not compared', () => {
  expect(correlateMotion(timelineOf(scene(1, 40)), timelineOf(scene(1, 40), 500))).toBeNull()
})

test('a scene is found at the speed that is sought', () => {
  const query = timelineOf(changed(played(cut(scene(1, 60), 10, 40), 1.25), covered))
  const ref = timelineOf(scene(1, 60))
  expect(correlateMotion(query, ref, { rate: 1.25 })?.line).toMatchObject({ rate: 1.25, offsetMs: 10_000 })
  expect(correlateMotion(query, ref)).toBeNull()
})

test('the segment ends where the scene does', () => {
  const query = cut(scene(1, 40), 10, 20)
  const after = footage(31, 6)
  const joined = {
    ...query,
    hashes: [...query.hashes, ...after.hashes],
    quality: [...query.quality, ...after.quality],
  }
  const found = correlate(changed(joined, covered), scene(1, 40))
  expect(found?.line.offsetMs).toBe(10_000)
  expect(found?.to).toBeGreaterThanOrEqual(37)
  expect(found?.to).toBeLessThanOrEqual(41)
})
