import { expect, test } from 'vitest'
import {
  blankFootage,
  cut,
  type Footage,
  fingerprintOf,
  footage,
} from '../../testing/synthetic-fingerprint.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { hashDistance } from '../hash/hamming.ts'
import { ORIENTATIONS, orientHashes } from '../hash/orientation.ts'
import { audioWindowsOf } from './audio-windows.ts'
import { indexFramesOf } from './index-frames.ts'
import { furtherFramesOf, queryHashesOf } from './query-hashes.ts'
import { rankCandidates } from './rank-candidates.ts'
import type { CandidateHit, TimedHash } from './timed-hash.ts'

/**
 * Exhaustive search of a query in the index entries of some videos, with the hashes of one lookup: the oracle for any
 * index.
 */
function exactHits(
  query: Footage,
  library: ReadonlyMap<string, Footage>,
  { bits, hashesOf = queryHashesOf }: { bits: number; hashesOf?: typeof queryHashesOf },
): CandidateHit[] {
  const queryHashes = hashesOf(fingerprintOf(query, { bits, seed: 99 }))
  const hits: CandidateHit[] = []
  for (const [videoId, film] of library) {
    const stored = fingerprintOf(film)
    const add = (kind: 'video' | 'audio', hashes: readonly TimedHash[], entries: TimedHash[]) => {
      for (const { timeMs: queryMs, hash } of hashes) {
        for (const entry of entries) {
          const distance = hashDistance(hash, 0, { b: entry.hash, j: 0 })
          if (distance < 110) hits.push({ videoId, kind, queryMs, refMs: entry.timeMs, distance })
        }
      }
    }
    add('video', queryHashes.video, indexFramesOf(stored))
    add('audio', queryHashes.audio, audioWindowsOf(stored))
  }
  return hits
}

const library = new Map(Array.from({ length: 12 }, (_, i) => [`v${i}`, footage(i + 1, 60)]))
const film = library.get('v5') ?? blankFootage(1)

test('the source of an excerpt ranks first by frames, by audio and by both', () => {
  const part = cut(film, 20, 35)
  const silent = { ...part, items: [] }
  const blank = { ...part, quality: part.quality.map(() => 0) }
  for (const query of [part, silent, blank]) {
    expect(rankCandidates({ hits: exactHits(query, library, { bits: 24 }), limit: 3 })[0]?.videoId).toBe('v5')
  }
})

test.each(ORIENTATIONS)(
  'the source of a silent excerpt in another orientation ranks first: mirrored $mirrored, turned by $turn degrees',
  (orientation) => {
    const part = cut(film, 20, 35)
    const hashes = part.hashes.map((hash) => orientHashes(hash, orientation))
    const isTurned = orientation.turn !== 0
    const further = (query: Fingerprint) => ({ video: furtherFramesOf(query), audio: [] })
    const hashesOf = isTurned ? further : queryHashesOf
    const hits = exactHits({ ...part, hashes, items: [] }, library, { bits: 16, hashesOf })
    expect(rankCandidates({ hits, limit: 3 })[0]?.videoId).toBe('v5')
  },
)

test('a blank and silent video has no index entries and no query hashes', () => {
  const blank = fingerprintOf(blankFootage(60))
  expect(indexFramesOf(blank)).toEqual([])
  expect(audioWindowsOf(blank)).toEqual([])
  expect(queryHashesOf(blank)).toEqual({ video: [], audio: [] })
  expect(furtherFramesOf(blank)).toEqual([])
})

test('the numbers of index entries and of query hashes are bounded', () => {
  const long = fingerprintOf(footage(3, 1200))
  expect(indexFramesOf(long).length).toBeGreaterThan(290)
  expect(indexFramesOf(long).length).toBeLessThan(700)
  expect(audioWindowsOf(long).length).toBeGreaterThan(400)
  expect(audioWindowsOf(long).length).toBeLessThanOrEqual(610)
  const queryHashes = queryHashesOf(long)
  expect(queryHashes.video.length).toBeLessThanOrEqual(176)
  expect(queryHashes.audio.length).toBe(128)
  expect(furtherFramesOf(long).length).toBeLessThanOrEqual(36)
})

test('a passage of four seconds in minutes of other footage has query hashes of two of its frames or more', () => {
  const inPassage = ({ timeMs }: TimedHash) => timeMs >= 100_000 && timeMs < 104_000
  const { video } = queryHashesOf(fingerprintOf(footage(4, 200)))
  expect(video.filter(inPassage).length).toBeGreaterThanOrEqual(2)
})

function idOf({ videoId }: { readonly videoId: string }) {
  return videoId
}

test('hits that agree on one offset outrank more hits at many offsets', () => {
  const hit = (videoId: string, queryMs: number, refMs: number): CandidateHit => ({
    videoId,
    kind: 'video',
    queryMs,
    refMs,
    distance: 20,
  })
  const aligned = [0, 4, 8, 12].map((second) => hit('aligned', second * 1000, (second + 30) * 1000))
  const scattered = [0, 4, 8, 12, 16, 20].map((second) =>
    hit('scattered', second * 1000, second * second * 900),
  )
  expect(rankCandidates({ hits: [...scattered, ...aligned], limit: 2 }).map(idOf)).toEqual([
    'aligned',
    'scattered',
  ])
  expect(rankCandidates({ hits: [...scattered, ...aligned], limit: 1 }).map(idOf)).toEqual(['aligned'])
  expect(rankCandidates({ hits: [], limit: 5 })).toEqual([])
  const [first] = rankCandidates({ hits: aligned, limit: 1 })
  expect(first?.seeds).toEqual([{ queryMs: 0, refMs: 30_000 }])
})

test('chance votes of the audio do not displace a weak candidate found by its frames', () => {
  const hit = (videoId: string, kind: 'video' | 'audio', distance: number): CandidateHit => ({
    videoId,
    kind,
    queryMs: 0,
    refMs: 5000,
    distance,
  })
  const chances = [1, 2, 3, 4].map((n) => hit(`chance ${n}`, 'audio', 10))
  const hits = [...chances, hit('short copy', 'video', 60)]
  expect(rankCandidates({ hits, limit: 100, maxWeak: 3 }).map(idOf)).toContain('short copy')
})

test('a shot of one index frame is returned however many weak candidates have more votes', () => {
  const hit = (videoId: string, distance: number, second = 0): CandidateHit => ({
    videoId,
    kind: 'video',
    queryMs: second * 1000,
    refMs: second * 1000,
    distance,
  })
  const chances = [1, 2, 3].flatMap((n) => [0, 1, 2].map((second) => hit(`chance ${n}`, 62, second)))
  const found = (distance: number) =>
    rankCandidates({ hits: [...chances, hit('shot', distance)], limit: 100, maxWeak: 2 }).map(idOf)
  expect(found(56)).toEqual(['chance 1', 'chance 2', 'shot'])
  expect(found(58)).toEqual(['chance 1', 'chance 2'])
})

test('all strong candidates are returned, but only a limited number of weak ones', () => {
  const hit = (videoId: string, second: number, distance = 20): CandidateHit => ({
    videoId,
    kind: 'video',
    queryMs: second * 1000,
    refMs: second * 1000,
    distance,
  })
  const copies = [1, 2, 3].flatMap((n) => [0, 4, 8].map((second) => hit(`copy ${n}`, second)))
  const chances = [1, 2, 3].map((n) => hit(`chance ${n}`, 0, 80))
  const hits = [...chances, ...copies]
  const found = (limits: { limit: number; maxWeak?: number }) => rankCandidates({ hits, ...limits }).map(idOf)
  const copied = ['copy 1', 'copy 2', 'copy 3']
  expect(found({ limit: 100, maxWeak: 0 })).toEqual(copied)
  expect(found({ limit: 100, maxWeak: 2 })).toEqual([...copied, 'chance 1', 'chance 2'])
  expect(found({ limit: 2, maxWeak: 1 })).toEqual(['copy 1', 'copy 2'])
  const strong = rankCandidates({ hits, limit: 100 }).filter(({ isStrong }) => isStrong)
  expect(strong.map(idOf)).toEqual(copied)
})
