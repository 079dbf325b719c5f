import { expect, test } from 'vitest'
import { cut, fingerprintOf, footage } from '../../testing/synthetic-fingerprint.ts'
import { compareFingerprints } from '../align/compare-fingerprints.ts'
import { matchFingerprints } from '../align/match-fingerprints.ts'
import { queryHashesOf } from '../index/query-hashes.ts'
import { type Tracks, withTracks } from './tracks.ts'

const film = fingerprintOf(footage(7, 60))
const copy = fingerprintOf(cut(footage(7, 60), 20, 40))

test.each([
  ['both', ['both']],
  ['pictures', ['video']],
  ['sound', ['audio']],
] as const)('with tracks %s, a copy matches by %s', (tracks: Tracks, kinds) => {
  for (const match of [
    compareFingerprints(withTracks(copy, tracks), withTracks(film, tracks)),
    matchFingerprints(withTracks(copy, tracks), film),
  ]) {
    expect(match.segments.map(({ kind }) => kind)).toEqual(kinds)
    expect(match.segments[0]?.refStart).toBeCloseTo(20, 0)
  }
})

test('a query has no hashes of a track that is not compared', () => {
  expect(queryHashesOf(withTracks(copy, 'pictures'))).toMatchObject({ audio: [] })
  expect(queryHashesOf(withTracks(copy, 'sound'))).toMatchObject({ video: [] })
  const none = withTracks(withTracks(copy, 'pictures'), 'sound')
  expect(matchFingerprints(none, film, { includeWeak: true }).accepted).toBe(false)
})
