import { expect, test } from 'vitest'
import { rankCandidates } from './rank-candidates.ts'
import type { CandidateHit } from './timed-hash.ts'

const hit = (videoId: string, distance: number, fields: Partial<CandidateHit> = {}): CandidateHit => ({
  videoId,
  kind: 'audio',
  queryMs: 1000,
  refMs: 5000,
  distance,
  ...fields,
})

test('chance hits of many variants do not add up', () => {
  const chance = Array.from({ length: 20 }, (_, i) =>
    hit('chance', 80, { audioVariant: i, refMs: 5000 + 4000 * i }),
  )
  const right = [hit('right', 60, { audioVariant: 3 })]
  expect(rankCandidates({ hits: [...chance, ...right], limit: 2 }).map(({ videoId }) => videoId)).toEqual([
    'right',
    'chance',
  ])
})

test('weak candidates of variants do not displace others', () => {
  const hits = [
    ...['a', 'b', 'c'].map((id) => hit(id, 50, { audioVariant: 1 })),
    ...['d', 'e', 'f'].map((id) => hit(id, 90)),
  ]
  expect(rankCandidates({ hits, limit: 10, maxWeak: 2 }).map(({ videoId }) => videoId)).toEqual([
    'a',
    'b',
    'd',
    'e',
  ])
})

test('the seeds of a variant are its nearest hits, and name it', () => {
  const hits = [70, 40, 90].map((distance, i) => hit('a', distance, { audioVariant: i, refMs: 1000 * i }))
  expect(rankCandidates({ hits, limit: 1 })[0]?.seeds).toEqual([
    { queryMs: 1000, refMs: 1000, audioVariant: 1 },
    { queryMs: 1000, refMs: 0, audioVariant: 0 },
    { queryMs: 1000, refMs: 2000, audioVariant: 2 },
  ])
})
