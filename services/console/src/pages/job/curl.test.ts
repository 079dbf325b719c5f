import { expect, test } from 'vitest'
import type { JobSummary } from '../../parts/job-state.tsx'
import { curlOf } from './curl.ts'

const job = {
  ruleType: 'FindSimilarVideo',
  dnaDbId: 'Db1',
  bucket: 'films-125',
  region: 'local',
  object: "it's $(touch here) `x`.mp4",
  videoId: null,
  jobLevel: 0,
  userData: null,
} as unknown as JobSummary

test('a shell reads a copied command with a hostile name as one argument', () => {
  const data = curlOf(job, 'http://127.0.0.1:8080').split('-d ')[1] ?? ''
  // Within single quotes a shell expands nothing, and every quote of the name closes, escapes and opens them.
  expect(data).toMatch(/^'(?:[^']|'\\'')*'$/)
  expect(JSON.parse(data.slice(1, -1).replaceAll(String.raw`'\''`, "'"))).toMatchObject({
    object: job.object,
  })
})

test('a search by fingerprint names its video and no object, as the server requires', () => {
  const data = curlOf({ ...job, videoId: 'dv1' }, '').split('-d ')[1] ?? ''
  expect(JSON.parse(data.slice(1, -1))).toEqual({
    ruleType: 'FindSimilarVideo',
    dnaDbId: 'Db1',
    videoId: 'dv1',
  })
})
