import { expect, test } from 'vitest'
import { AUDIO_VARIANTS } from '../audio/audio-variants.ts'
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

test('the hits of a variant at another speed vote for one offset, however long the query is', () => {
  const speed = 2 ** (10 / 24)
  const audioVariant = AUDIO_VARIANTS.findIndex((variant) => Math.abs(variant.speed - speed) < 1e-9)
  const along = (videoId: string, rate: number) =>
    [0, 20_000, 40_000].map((queryMs) =>
      hit(videoId, 70, { audioVariant, queryMs, refMs: 5000 + Math.round(rate * queryMs) }),
    )
  const [first, second] = rankCandidates({ hits: [...along('other', 1), ...along('right', speed)], limit: 2 })
  expect([first?.videoId, second?.videoId]).toEqual(['right', 'other'])
})
