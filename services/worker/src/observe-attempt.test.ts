import { expect, test } from 'vitest'
import { divideStages } from './observe-attempt.ts'

test('the parts of the fingerprint stage add up to it, and other stages stay', () => {
  const stages = [
    { stage: 'fetch', from: 0, seconds: 1 },
    { stage: 'fingerprint', from: 1, seconds: 4 },
    { stage: 'match', from: 5, seconds: 2 },
    { stage: 'fingerprint', from: 7, seconds: 6 },
  ] as const
  const rest = [
    { stage: 'fetch', seconds: 1 },
    { stage: 'match', seconds: 2 },
  ]
  expect(divideStages(stages, { probe: 0.5, hash: 3 })).toEqual([
    ...rest,
    { stage: 'probe', seconds: 0.5 },
    { stage: 'decode', seconds: 6.5 },
    { stage: 'hash', seconds: 3 },
  ])
  expect(divideStages(stages, { probe: 9, hash: 9 }).slice(2)).toEqual([
    { stage: 'probe', seconds: 9 },
    { stage: 'decode', seconds: 0 },
    { stage: 'hash', seconds: 1 },
  ])
  expect(divideStages(stages.slice(0, 1), { probe: 0, hash: 0 })).toEqual(rest.slice(0, 1))
})
