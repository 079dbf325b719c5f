import { expect, test } from 'vitest'
import { confirms, doubtsOf, type Glimpsed, suspectsOf, widened } from './plan-refinement.ts'
import type { Found } from './search-library.ts'

const keyframes = Array.from({ length: 75 }, (_, i) => i * 4000)

type Stretch = readonly [startSeconds: number, endSeconds: number]
const pair = (videoId: string, stretches: readonly Stretch[], fields: Partial<Found> = {}): Found => ({
  videoId,
  object: `${videoId}.mp4`,
  durationSeconds: 300,
  score: 0.95,
  similar: 95,
  audioSimilar: 95,
  queryCoverage: 0.5,
  refCoverage: 0.5,
  accepted: true,
  segments: stretches.map(([queryStart, queryEnd]) => ({
    queryStart,
    queryEnd,
    refStart: queryStart,
    refEnd: queryEnd,
    score: 0.95,
    kind: 'both' as const,
    speed: 1,
    mirrored: false,
    reversed: false,
    turn: 0,
  })),
  ...fields,
})
const glimpse = (found: readonly Found[], hits: Glimpsed['hits'] = []): Glimpsed => ({
  found,
  hits,
  timesMs: keyframes,
  durationMs: 300_000,
})
const hit = (queryMs: number, distance: number): Glimpsed['hits'][number] => ({
  videoId: 'dv9',
  kind: 'video',
  queryMs,
  refMs: 0,
  distance,
})

test('of a copy from end to end only both ends are looked at again', () => {
  expect(doubtsOf(glimpse([pair('dv1', [[0, 300]])]))).toEqual([
    { fromMs: 0, toMs: 4000 },
    { fromMs: 296_000, toMs: 300_000 },
  ])
})

test('where a passage ends within the query, up to a second beyond the next keyframe', () => {
  expect(doubtsOf(glimpse([pair('dv1', [[99.9, 200.1]])]))).toEqual([
    { fromMs: 96_000, toMs: 103_900 },
    { fromMs: 196_100, toMs: 205_000 },
  ])
})

test('pictures alone have to prove how they move', () => {
  const silent = pair('dv1', [[0, 300]])
  const segments = silent.segments.map((one) => ({ ...one, kind: 'video' as const }))
  expect(doubtsOf(glimpse([{ ...silent, segments }]))).toContainEqual({ fromMs: 148_000, toMs: 153_000 })
})

test('a pair that is not sure has more to prove', () => {
  const doubts = doubtsOf(glimpse([pair('dv1', [[0, 300]], { score: 0.5 })]))
  for (const fromMs of [72_000, 148_000, 224_000])
    expect(doubts).toContainEqual({ fromMs, toMs: fromMs + 5000 })
})

test('where only the sound was recognised the pictures are looked at', () => {
  const heard = pair('dv1', [[100, 120]])
  const segments = heard.segments.map((one) => ({ ...one, kind: 'audio' as const }))
  expect(doubtsOf(glimpse([{ ...heard, segments }]))).toEqual([{ fromMs: 96_000, toMs: 124_000 }])
})

test('where another video has the pictures, one with the same sound is not looked at again', () => {
  const seen = pair('dv1', [[98, 121]])
  const heard = pair('dv2', [[100, 120]])
  const segments = heard.segments.map((one) => ({ ...one, kind: 'audio' as const }))
  expect(doubtsOf(glimpse([seen, { ...heard, segments }]))).toEqual(doubtsOf(glimpse([seen])))
  const elsewhere = doubtsOf(glimpse([pair('dv1', [[98, 110]]), { ...heard, segments }]))
  expect(elsewhere).toContainEqual({ fromMs: 96_000, toMs: 124_000 })
})

test('nothing found leaves everything in doubt, and so does too much that is weak', () => {
  expect(doubtsOf(glimpse([]))).toBe('everything')
  expect(doubtsOf(glimpse([pair('dv1', [[0, 300]], { accepted: false, score: 0.3 })]))).toBe('everything')
})

test('a weak pair is looked at again where nothing better explains the query', () => {
  const better = pair('dv1', [[0, 200]])
  const weak = { accepted: false, score: 0.2 }
  const elsewhere = doubtsOf(glimpse([better, pair('dv2', [[240, 260]], weak)]))
  expect(elsewhere).toContainEqual({ fromMs: 236_000, toMs: 264_000 })
  const within = doubtsOf(glimpse([better, pair('dv2', [[100, 120]], weak)]))
  expect(within).toEqual(doubtsOf(glimpse([better])))
})

test('a frame near to something stored is looked at again, one that resembles nothing is not', () => {
  const found = [pair('dv1', [[0, 200]])]
  const near = glimpse(found, [hit(250_000, 40), hit(252_000, 90), hit(100_000, 10)])
  expect(doubtsOf(near)).toContainEqual({ fromMs: 248_000, toMs: 252_000 })
  expect(doubtsOf(glimpse(found, [hit(252_000, 90)]))).toEqual(doubtsOf(glimpse(found)))
  expect(suspectsOf(near)).toEqual([{ videoId: 'dv1' }, { videoId: 'dv9' }])
})

test('a closer look at whose edge a passage still goes on is made wider there', () => {
  const windows = [
    { fromMs: 96_000, toMs: 104_000 },
    { fromMs: 196_000, toMs: 205_000 },
  ]
  const glimpsed = glimpse([])
  const wider = (passage: Stretch) => widened([pair('dv1', [passage])], { windows, glimpsed })
  expect(wider([100, 200])).toBeNull()
  expect(wider([96, 200])).toEqual([{ fromMs: 88_000, toMs: 104_000 }, windows[1]])
  expect(wider([100, 204.9])).toEqual([windows[0], { fromMs: 196_000, toMs: 213_000 }])
  expect(widened([pair('dv1', [[96, 205]], { accepted: false })], { windows, glimpsed })).toBeNull()
})

test('at an end of the query nothing can go on', () => {
  const windows = [{ fromMs: 0, toMs: 300_000 }]
  expect(widened([pair('dv1', [[0, 300]])], { windows, glimpsed: glimpse([]) })).toBeNull()
})

test('a closer look confirms what explains as much as the keyframes did', () => {
  const found = [pair('dv1', [[0, 150]]), pair('dv2', [[200, 210]], { accepted: false, queryCoverage: 0.03 })]
  expect(confirms([pair('dv1', [[0, 149]], { queryCoverage: 0.497 })], found)).toBe(true)
  expect(confirms([pair('dv1', [[0, 60]], { queryCoverage: 0.2 })], found)).toBe(false)
  expect(confirms([pair('dv1', [[0, 150]], { accepted: false })], found)).toBe(false)
  expect(confirms([pair('dv1', [[0, 150]], { score: 0.6 })], found)).toBe(false)
  expect(confirms([], found)).toBe(false)
})
