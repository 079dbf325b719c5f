import { expect, test } from 'vitest'
import { type Found, reportable } from './search-library.ts'

const found = (similar: number, audioSimilar: number, accepted = true): Found => ({
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
})

test('minSimilar hides what lies under it in picture and in sound, and nothing else', {
  tags: ['min-similar'],
}, () => {
  const all = [found(90, 0), found(0, 90), found(79, 79), found(80, 0), found(100, 100, false)]
  const ids = (minSimilar: number) => reportable(all, { minSimilar }).map(({ videoId }) => videoId)
  expect(ids(80)).toEqual(['dv90-0', 'dv0-90', 'dv80-0'])
  expect(ids(0)).toEqual(['dv90-0', 'dv0-90', 'dv79-79', 'dv80-0'])
  expect(reportable(all, { minSimilar: 90 })[0]).not.toHaveProperty('accepted')
})
