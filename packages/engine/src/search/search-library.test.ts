import { expect, test } from 'vitest'
import { detectionsOf, type LibraryMatch } from './search-library.ts'

function match(similar: number, audioSimilar: number, accepted = true): LibraryMatch {
  return {
    videoId: `dv${similar}-${audioSimilar}`,
    object: 'a.mp4',
    durationSeconds: 10,
    score: 0.9,
    similar,
    audioSimilar,
    queryCoverage: 1,
    refCoverage: 1,
    segments: [],
    accepted,
  }
}

test('minSimilar hides only matches that are below it in both picture and audio', {
  tags: ['min-similar'],
}, () => {
  const all = [match(90, 0), match(0, 90), match(79, 79), match(80, 0), match(100, 100, false)]
  const ids = (minSimilar: number) => detectionsOf(all, { minSimilar }).map(({ videoId }) => videoId)
  expect(ids(80)).toEqual(['dv90-0', 'dv0-90', 'dv80-0'])
  expect(ids(0)).toEqual(['dv90-0', 'dv0-90', 'dv79-79', 'dv80-0'])
  expect(detectionsOf(all, { minSimilar: 90 })[0]).not.toHaveProperty('accepted')
})
