import { expect, test } from 'vitest'
import { cut, fingerprintOf, footage } from '../../testing/synthetic-fingerprint.ts'
import { matchFingerprints } from '../align/match-fingerprints.ts'
import { decodeFingerprint } from './decode-fingerprint.ts'
import { encodeFingerprint } from './encode-fingerprint.ts'
import type { Fingerprint, PictureView } from './fingerprint.ts'
import { keptQuery } from './kept-query.ts'

const film = footage(5, 30)

/** The frames of a fingerprint at every second step, as a view. */
function viewOf({ video }: Fingerprint, viewId: number): PictureView {
  const runs = [...video.startMs.keys()].filter((run) => run % 2 === 0)
  return {
    viewId,
    intervalMs: 500,
    startMs: Uint32Array.from(runs, (run) => video.startMs[run] ?? 0),
    lastMs: Uint32Array.from(runs, (run) => video.lastMs[run] ?? 0),
    quality: Uint8Array.from(runs, (run) => video.quality[run] ?? 0),
    hashes: Uint32Array.from(runs.flatMap((run) => [...video.hashes.subarray(8 * run, 8 * run + 8)])),
  }
}

test('a kept query has its frames and sound, half of the frames of its stored crops, and nothing else', () => {
  const whole = fingerprintOf(cut(film, 5, 15))
  const query = { ...whole, views: [viewOf(whole, 0), viewOf(whole, 40)] }
  const kept = keptQuery(query)
  expect(kept.video).toEqual(whole.video)
  expect(kept.audio).toEqual(whole.audio)
  expect(kept.views?.map(({ viewId }) => viewId)).toEqual([0])
  expect(kept.views?.[0]?.intervalMs).toBe(1000)
  expect([...(kept.views?.[0]?.startMs ?? [])]).toEqual(Array.from({ length: 10 }, (_, i) => 1000 * i))
  expect(kept).not.toHaveProperty('local')
})

test('a long run of a crop is kept wherever it begins', () => {
  const whole = fingerprintOf(cut(film, 5, 15))
  const view = viewOf(whole, 0)
  const lastMs = view.lastMs.slice()
  lastMs[1] = 4000
  const runs = { startMs: view.startMs.slice(0, 2), lastMs: lastMs.slice(0, 2) }
  const short = { ...view, ...runs, quality: view.quality.slice(0, 2), hashes: view.hashes.slice(0, 16) }
  expect([...(keptQuery({ ...whole, views: [short] }).views?.[0]?.startMs ?? [])]).toEqual([0, 500])
})

test('a kept query is a valid fingerprint that finds its film', () => {
  const whole = fingerprintOf(cut(film, 5, 15))
  const read = decodeFingerprint(encodeFingerprint(keptQuery({ ...whole, views: [viewOf(whole, 0)] })))
  expect(matchFingerprints(read, fingerprintOf(film))).toMatchObject({ accepted: true })
})
