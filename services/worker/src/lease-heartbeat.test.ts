import { stages } from '@kinoprint/engine'
import { expect, test } from 'vitest'
import { overallProgress } from './lease-heartbeat.ts'

test('progress rises from stage to stage and does not reach 1 before the job ends', () => {
  for (const stage of stages) {
    expect(overallProgress(stage, 0)).toBeLessThan(overallProgress(stage, 1))
    expect(overallProgress(stage, 1)).toBeLessThan(1)
  }
  expect(overallProgress('fingerprint', 1)).toBe(overallProgress('candidates', 0))
  expect(overallProgress('match', 1)).toBe(overallProgress('store', 0))
})

test('a fraction outside 0..1 is clamped', () => {
  expect(overallProgress('match', 7)).toBe(overallProgress('match', 1))
  expect(overallProgress('match', -1)).toBe(overallProgress('match', 0))
})
