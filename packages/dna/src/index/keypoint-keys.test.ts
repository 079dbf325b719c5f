import { expect, test } from 'vitest'
import { type Edit, editedFingerprint, mirrored } from '../../testing/edited-video.ts'
import { overlaid, SIDE } from '../../testing/synthetic-video.ts'
import { FingerprintBuilder } from '../fingerprint/fingerprint-builder.ts'
import type { LocalTrack } from '../local/local-track.ts'
import { keypointKeysOf, queryKeypointKeysOf } from './keypoint-keys.ts'
import { type KeyHit, rankByKeys } from './rank-by-keys.ts'
import type { TimedKeys } from './timed-keys.ts'

const SECONDS = 12

/** Shows a square of 128 pixels that moves across the picture in the whole frame. */
function movingWindow(pixels: Uint8Array, index: number): Uint8Array {
  const [left, top] = [index % 64, 64 - (index % 64)]
  const [right, bottom] = [1.5 * (SIDE - left), 1.5 * (SIDE - top)]
  return overlaid(pixels, { left: -1.5 * left, top: -1.5 * top, right, bottom })
}

/** What the index returns: the stored frames that share a key with a frame of the query. */
function hitsOf(query: readonly TimedKeys[], stored: ReadonlyMap<string, readonly TimedKeys[]>): KeyHit[] {
  return [...stored].flatMap(([videoId, frames]) =>
    query.flatMap((here) =>
      frames.flatMap((there): KeyHit[] => {
        const keys = there.keys.filter((key) => here.keys.includes(key))
        return keys.length > 0 ? [{ videoId, queryMs: here.timeMs, refMs: there.timeMs, keys }] : []
      }),
    ),
  )
}

const library = new Map(
  [40, 1040, 2040, 3040].map((first) => [
    `v${first}`,
    keypointKeysOf(editedFingerprint(first, null, SECONDS)),
  ]),
)

test.each<[string, Edit]>([
  ['upright', movingWindow],
  ['mirrored', (pixels, i) => mirrored(movingWindow(pixels, i))],
])('the source of a window that moves ranks first at the right moment, %s', (_, edit) => {
  const query = queryKeypointKeysOf(editedFingerprint(1048, edit, SECONDS - 2))
  const [first] = rankByKeys(hitsOf(query, library), { limit: 12, binMs: 1000 })
  expect(first?.videoId).toBe('v1040')
  const { queryMs = 0, refMs = 0 } = first?.seeds[0] ?? {}
  // An alignment finds the right offset up to this far from its seed.
  expect(Math.abs(refMs - queryMs - 2000)).toBeLessThanOrEqual(1600)
})

test('keys are distinct integers of 28 bits, of one stored frame in two seconds', () => {
  const frames = library.get('v40') ?? []
  expect(frames.map(({ timeMs }) => timeMs)).toEqual([0, 2000, 4000, 6000, 8000, 10_000])
  for (const { keys } of frames) {
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys.length).toBeLessThanOrEqual(12)
    expect(keys.every((key) => Number.isInteger(key) && key >= 0 && key < 2 ** 28)).toBe(true)
  }
})

function trackOf(frames: number): LocalTrack {
  return {
    aspect: 1,
    timeMs: Uint32Array.from({ length: frames }, (_, i) => 250 * i),
    counts: new Uint8Array(frames).fill(1),
    columns: new Uint8Array(frames),
    rows: new Uint8Array(frames),
    levels: new Uint8Array(frames),
    descriptors: Uint32Array.from({ length: 4 * frames }, (_, i) => Math.imul(i + 1, 2_654_435_761)),
  }
}

test('a query also tries each key with one of its uncertain bits the other way round, other ones if it is mirrored', () => {
  const empty = new FingerprintBuilder().finish({ durationSeconds: 1, audioStartMs: 0 })
  const plain = { ...empty, local: trackOf(1) }
  const [[key], [mirroredKey]] = queryKeypointKeysOf(plain).map(({ keys }) => keys) as [[number], [number]]
  expect(keypointKeysOf(plain)).toEqual([{ timeMs: 0, keys: [key] }])
  const uncertain = Uint8Array.of(0, 5, 27, 3, 1, 2, 26, 4)
  const tried = queryKeypointKeysOf({ ...empty, local: { ...trackOf(1), uncertain } })
  expect(tried.map(({ keys }) => keys)).toEqual([
    [key, ...[0, 5, 27, 3].map((bit) => key ^ (1 << bit))],
    [mirroredKey, ...[1, 2, 26, 4].map((bit) => mirroredKey ^ (1 << bit))],
  ])
})

test('a long query is looked up by 60 frames and 20 mirrored ones, spread over its length', () => {
  const empty = new FingerprintBuilder().finish({ durationSeconds: 300, audioStartMs: 0 })
  const keys = queryKeypointKeysOf({ ...empty, local: trackOf(1200) })
  expect(keys).toHaveLength(80)
  expect(keys[59]?.timeMs).toBeGreaterThan(290_000)
  expect(keys[79]?.timeMs).toBeGreaterThan(290_000)
  expect(queryKeypointKeysOf(empty)).toEqual([])
  expect(keypointKeysOf(empty)).toEqual([])
})
