import { expect, test } from 'vitest'
import { stageOf } from './stage-steps.ts'

test('the progress of a job is split into the progress of its stage', () => {
  expect(stageOf({ stage: 'fingerprint', progress: 0.02 })).toEqual({ name: 'fingerprint', fraction: 0 })
  expect(stageOf({ stage: 'fingerprint', progress: 0.41 })?.fraction).toBeCloseTo(0.5)
  expect(stageOf({ stage: 'store', progress: 1 })).toEqual({ name: 'store', fraction: 1 })
})

test('a job that has not started has no stage', () => {
  expect(stageOf({ stage: '', progress: 0 })).toBeNull()
})
