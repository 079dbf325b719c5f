import { expect, test } from 'vitest'
import { dropEchoes } from './drop-echoes.ts'
import type { TrackRun } from './segment.ts'

function runOf(queryStartMs: number, refStartMs: number, evidence: number): TrackRun {
  return {
    queryStartMs,
    queryEndMs: queryStartMs + 8000,
    refStartMs,
    refEndMs: refStartMs + 8000,
    rate: 1,
    evidence,
    difference: 0.1,
    mirrored: false,
    turn: 0,
  }
}

test('a weak second explanation of the same moment is left out, an equal one stays', () => {
  const best = runOf(0, 0, 10)
  const equal = runOf(0, 60_000, 9)
  const weak = runOf(2000, 30_000, 2)
  expect(dropEchoes([weak, best, equal])).toEqual([best, equal])
})

test('a weak passage at a place of its own stays', () => {
  const runs = [runOf(0, 0, 10), runOf(20_000, 20_000, 1)]
  expect(dropEchoes(runs)).toEqual(runs)
})
