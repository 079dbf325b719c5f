import { expect, test } from 'vitest'
import { DEFAULT_POLICY, judgePair, type PairFacts, type Policy } from './policy.ts'

const copy: PairFacts = {
  score: 0.9,
  similar: 95,
  audioSimilar: 0,
  queryCoverage: 0.5,
  refCoverage: 0.1,
  similarSeconds: 10,
  hasPicture: true,
  hasSound: false,
}

function judged(facts: Partial<PairFacts>, policy: Partial<Policy> = {}, minSimilar = 0) {
  const { verdict, failed } = judgePair(
    { ...copy, ...facts },
    { policy: { ...DEFAULT_POLICY, ...policy }, minSimilar },
  )
  return failed === null ? verdict : `${verdict}: ${failed.step} ${failed.has} < ${failed.needs}`
}

test('without limits every pair of 0.45 is reported, and one of 0.15 is a near miss', () => {
  expect(judged({ score: 0.45 })).toBe('report')
  expect(judged({ score: 0.4499 })).toBe('near: confidence 0.4499 < 0.45')
  expect(judged({ score: 0.15 })).toBe('near: confidence 0.15 < 0.45')
  expect(judged({ score: 0.1499 })).toBe('drop: confidence 0.1499 < 0.45')
})

test('a pair between the scores for review and for report is only for review', () => {
  const policy = { reportFrom: 0.8, reviewFrom: 0.3, keepFrom: 0.2 }
  expect(judged({ score: 0.8 }, policy)).toBe('report')
  expect(judged({ score: 0.79 }, policy)).toBe('review: policyConfidence 0.79 < 0.8')
  expect(judged({ score: 0.3 }, policy)).toBe('review: confidence 0.3 < 0.45')
  expect(judged({ score: 0.29 }, policy)).toBe('near: confidence 0.29 < 0.45')
  expect(judged({ score: 0.19 }, policy)).toBe('drop: confidence 0.19 < 0.45')
})

test('a pair that fails another limit is a near miss and not for review', () => {
  const policy = { reportFrom: 0.95, reviewFrom: 0.2, minSeconds: 20 }
  expect(judged({}, policy)).toBe('near: policyConfidence 0.9 < 0.95')
  expect(judged({}, { minSeconds: 10 })).toBe('report')
  expect(judged({}, { minSeconds: 10.1 })).toBe('near: policySeconds 10 < 10.1')
  expect(judged({}, {}, 96)).toBe('near: minSimilar 95 < 96')
})

test('the share may be reached on either side', () => {
  expect(judged({}, { minShare: 0.5 })).toBe('report')
  expect(judged({ queryCoverage: 0.1, refCoverage: 0.6 }, { minShare: 0.5 })).toBe('report')
  expect(judged({}, { minShare: 0.6 })).toBe('near: policyShare 0.5 < 0.6')
})

test('a policy can require pictures, sound or both', () => {
  expect(judged({}, { tracks: 'picture' })).toBe('report')
  expect(judged({}, { tracks: 'sound' })).toBe('near: policyTrack picture < sound')
  expect(judged({}, { tracks: 'both' })).toBe('near: policyTrack picture < both')
  expect(judged({ hasSound: true }, { tracks: 'both' })).toBe('report')
  expect(judged({ hasPicture: false, hasSound: true }, { tracks: 'picture' })).toBe(
    'near: policyTrack sound < picture',
  )
})
