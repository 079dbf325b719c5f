import { expect, test } from 'vitest'
import { hashDistance } from '../match/hamming.ts'
import { laidDoubts, laidHashes, ORIENTATIONS } from '../match/orientation.ts'
import { blankFootage, cut, type Footage, fingerprintOf, footage } from '../testing/synthetic-fingerprint.ts'
import { audioWindowsOf } from './audio-windows-of.ts'
import { keyframesOf } from './keyframes-of.ts'
import type { CandidateHit, Probe } from './probe.ts'
import { queryProbesOf } from './query-probes-of.ts'
import { rankCandidates } from './rank-candidates.ts'

/** Exact search of probes in the index entries of some videos: the oracle for any index. */
function exactHits(query: Footage, library: ReadonlyMap<string, Footage>, bits: number): CandidateHit[] {
  const probes = queryProbesOf(fingerprintOf(query, { bits, seed: 99 }))
  const hits: CandidateHit[] = []
  for (const [videoId, film] of library) {
    const stored = fingerprintOf(film)
    const add = (kind: 'video' | 'audio', asked: Probe[], entries: Probe[]) => {
      for (const probe of asked) {
        for (const entry of entries) {
          const distance = hashDistance(probe.hash, 0, { b: entry.hash, j: 0 })
          if (distance < 110)
            hits.push({ videoId, kind, queryMs: probe.timeMs, refMs: entry.timeMs, distance })
        }
      }
    }
    add('video', probes.video, keyframesOf(stored))
    add('audio', probes.audio, audioWindowsOf(stored))
  }
  return hits
}

const library = new Map(Array.from({ length: 12 }, (_, i) => [`v${i}`, footage(i + 1, 60)]))
const film = library.get('v5') ?? blankFootage(1)

test('an excerpt ranks its source first, by picture, by sound and by both', () => {
  const part = cut(film, 20, 35)
  const silent = { ...part, items: [] }
  const blind = { ...part, quality: part.quality.map(() => 0) }
  for (const query of [part, silent, blind]) {
    expect(rankCandidates({ hits: exactHits(query, library, 24), limit: 3 })[0]?.videoId).toBe('v5')
  }
})

test.each(ORIENTATIONS)(
  'an excerpt without sound that was laid in another way ranks its source first: %o',
  (way) => {
    const part = cut(film, 20, 35)
    const hashes = part.hashes.map((hash) => laidHashes(hash, way))
    const hits = exactHits({ ...part, hashes, items: [] }, library, 16)
    expect(rankCandidates({ hits, limit: 3 })[0]?.videoId).toBe('v5')
  },
)

test('the doubts of a hash are laid as its bits are', () => {
  for (const way of ORIENTATIONS) {
    for (const bit of [0, 17, 204, 255]) {
      const hash = new Uint32Array(8)
      hash[bit >>> 5] = (1 << (31 - (bit & 31))) >>> 0
      const flipped = laidHashes(new Uint32Array(8), way)
      const moved = laidHashes(hash, way).map((word, n) => word ^ (flipped[n] ?? 0))
      const at =
        32 * moved.findIndex((word) => word !== 0) + Math.clz32(moved.find((word) => word !== 0) ?? 0)
      const doubts = new Uint8Array(256)
      doubts[bit] = 99
      expect(laidDoubts(doubts, way).indexOf(99)).toBe(at)
    }
  }
})

test('a blank and silent video puts nothing into the index and asks nothing of it', () => {
  const blank = fingerprintOf(blankFootage(60))
  expect(keyframesOf(blank)).toEqual([])
  expect(audioWindowsOf(blank)).toEqual([])
  expect(queryProbesOf(blank)).toEqual({ video: [], audio: [] })
})

test('the number of entries and probes is bounded', () => {
  const long = fingerprintOf(footage(3, 1200))
  expect(keyframesOf(long).length).toBeGreaterThan(290)
  expect(keyframesOf(long).length).toBeLessThan(700)
  expect(audioWindowsOf(long).length).toBeGreaterThan(400)
  expect(audioWindowsOf(long).length).toBeLessThanOrEqual(610)
  const probes = queryProbesOf(long)
  expect(probes.video.length).toBeLessThanOrEqual(80)
  expect(probes.audio.length).toBe(128)
})

const idOf = ({ videoId }: { readonly videoId: string }) => videoId

test('hits at one offset outrank more hits at many', () => {
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
  expect(first?.places).toEqual([{ queryMs: 0, refMs: 30_000 }])
})

test('of videos with few votes only some are looked at, of those with many all', () => {
  const hit = (videoId: string, second: number): CandidateHit => ({
    videoId,
    kind: 'video',
    queryMs: second * 1000,
    refMs: second * 1000,
    distance: 20,
  })
  const copies = [1, 2, 3].flatMap((n) => [0, 4, 8].map((second) => hit(`copy ${n}`, second)))
  const chances = [1, 2, 3].map((n) => hit(`chance ${n}`, 0))
  const hits = [...chances, ...copies]
  const found = (limits: { limit: number; doubtful?: number }) =>
    rankCandidates({ hits, ...limits }).map(idOf)
  expect(found({ limit: 100, doubtful: 1 })).toEqual(['copy 1', 'copy 2', 'copy 3'])
  expect(found({ limit: 100, doubtful: 4 })).toEqual(['copy 1', 'copy 2', 'copy 3', 'chance 1'])
  expect(found({ limit: 2, doubtful: 1 })).toEqual(['copy 1', 'copy 2'])
  const sure = rankCandidates({ hits, limit: 100 }).filter(({ isSure }) => isSure)
  expect(sure.map(idOf)).toEqual(['copy 1', 'copy 2', 'copy 3'])
})
