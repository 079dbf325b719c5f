import { expect, test } from 'vitest'
import {
  cut,
  type Footage,
  fingerprintOf,
  played,
  randomOf,
  withNoise,
} from '../testing/synthetic-fingerprint.ts'
import { type PictureLane, pictureLaneOf } from './picture-lane.ts'
import { straightened } from './straighten-run.ts'

/** A shot in which `bits` of the hash change from one sample to the next. */
function shot(bits: number): Footage {
  const random = randomOf(5)
  let hash = Uint32Array.from({ length: 8 }, () => Math.floor(random() * 2 ** 32))
  const hashes = Array.from({ length: 240 }, () => {
    hash = Uint32Array.from(withNoise(hash, bits, random))
    return hash
  })
  return { hashes, quality: hashes.map(() => 90), items: [] }
}

function laneOf(footage: Footage, stepMs = 250): PictureLane {
  const { video, durationSeconds } = fingerprintOf(footage)
  const kept = Uint32Array.from(video.startMs.keys()).filter((run) => (250 * run) % stepMs === 0)
  const hashes = Uint32Array.from(
    [...kept].flatMap((run) => [...video.hashes.subarray(8 * run, 8 * run + 8)]),
  )
  const startMs = kept.map((run) => 250 * run)
  const quality = new Uint8Array(kept.length).fill(90)
  return pictureLaneOf({ intervalMs: stepMs, startMs, lastMs: startMs, hashes, quality }, durationSeconds)
}

const found = { hits: { size: 0 } as never, weightOf: () => 1 }
/** A run over the rows from 2 to 14 s at which the query would play 1.11 times as fast. */
const fast = { line: { rate: 0.9, offsetMs: -1800, votes: 1 }, from: 1, to: 7, sum: 5, mean: 1 }

test('a run that another speed has stretched over a slow shot goes back to speed 1 and its time', () => {
  const film = shot(3)
  const scene = { rows: laneOf(film, 2000), columns: laneOf(cut(film, 2.5, 13.5)), found }
  const { line, from, to } = straightened(scene, fast)
  expect(line.rate).toBe(1)
  expect(Math.abs(line.offsetMs + 2500)).toBeLessThanOrEqual(250)
  expect([from, to]).toEqual([2, 6])
})

test('a run that does play faster stays as it is', () => {
  const film = shot(8)
  const scene = { rows: laneOf(film, 2000), columns: laneOf(played(cut(film, 2, 14), 1 / 0.9)), found }
  expect(straightened(scene, fast)).toBe(fast)
})

test('a run at speed 1 that lies a step beside its time moves there', () => {
  const film = shot(8)
  const scene = { rows: laneOf(film, 2000), columns: laneOf(cut(film, 2.5, 13.5)), found }
  const beside = { ...fast, line: { rate: 1, offsetMs: -2750, votes: 1 }, from: 2, to: 6 }
  expect(straightened(scene, beside).line.offsetMs).toBe(-2500)
})
