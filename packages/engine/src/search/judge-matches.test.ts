import { DEFAULT_POLICY } from '@kinoprint/core'
import { expect, test } from 'vitest'
import { detectionsOf, judgeMatches, type ReportSettings } from './judge-matches.ts'
import type { LibraryMatch } from './search-library.ts'

function match(similar: number, audioSimilar: number, accepted = true): LibraryMatch {
  return {
    videoId: `dv${similar}-${audioSimilar}`,
    object: 'a.mp4',
    durationSeconds: 10,
    score: accepted ? 0.9 : 0.3,
    similar,
    audioSimilar,
    queryCoverage: 1,
    refCoverage: 1,
    segments: [],
    accepted,
    pictures: [],
  }
}

function segment(queryStart: number, queryEnd: number, weak = false): LibraryMatch['segments'][number] {
  const times = { queryStart, queryEnd, refStart: queryStart, refEnd: queryEnd }
  const shown = { speed: 1, mirrored: false, reversed: false, turn: 0 } as const
  const boxes = { queryBox: null, refBox: null, part: 'whole' } as const
  return { ...times, ...shown, ...boxes, kind: 'video', score: 0.9, pictureScore: 0.9, soundScore: 0, weak }
}

function judged(matches: readonly LibraryMatch[], settings: Partial<ReportSettings> = {}) {
  return judgeMatches(matches, { policy: DEFAULT_POLICY, minSimilar: 0, ...settings })
}

test('minSimilar hides only matches that are below it in both picture and audio', {
  tags: ['min-similar'],
}, () => {
  const all = [match(90, 0), match(0, 90), match(79, 79), match(80, 0), match(100, 100, false)]
  const ids = (minSimilar: number) => detectionsOf(judged(all, { minSimilar })).map(({ videoId }) => videoId)
  expect(ids(80)).toEqual(['dv90-0', 'dv0-90', 'dv80-0'])
  expect(ids(0)).toEqual(['dv90-0', 'dv0-90', 'dv79-79', 'dv80-0'])
  expect(detectionsOf(judged(all))[0]).not.toHaveProperty('accepted')
  expect(detectionsOf(judged(all))[0]).not.toHaveProperty('pictures')
})

test('a search keeps its five best near misses with the reason, and forgets the rest', () => {
  const weak = Array.from({ length: 8 }, (_, i) => match(i, 0, false))
  const kept = judged([match(90, 0), ...weak])
  expect(kept.map(({ verdict }) => verdict)).toEqual(['report', 'near', 'near', 'near', 'near', 'near'])
  expect(kept[1]).toMatchObject({ failed: { step: 'confidence', has: 0.3, needs: 0.45 } })
  expect(judged([{ ...match(90, 0, false), score: 0.14 }])).toEqual([])
})

test('a pair whose score was rounded up to the threshold is not reported', () => {
  expect(judged([{ ...match(90, 0, false), score: 0.45 }])[0]?.verdict).toBe('near')
})

test('seconds of weak readings and of overlaps do not count for a policy', () => {
  const segments = [segment(0, 4), segment(2, 5), segment(6, 20, true)]
  const policy = (minSeconds: number) => ({ policy: { ...DEFAULT_POLICY, minSeconds } })
  const pair = { ...match(90, 0), segments }
  expect(judged([pair], policy(5))[0]?.verdict).toBe('report')
  expect(judged([pair], policy(5.1))[0]).toMatchObject({ verdict: 'near', failed: { has: 5, needs: 5.1 } })
})
