import { describe, expect, test } from 'vitest'
import { unproven } from './proof-reporter.ts'

const proof = { name: 'safe', file: 'a.test.ts', title: 'nothing is lost when $what, by %s' }

describe('a proof', () => {
  test.each([
    ['passed', ['another', 'nothing is lost when the disk is full, by kill'], []],
    ['did not pass', ['another'], [proof]],
    ['only resembles one that passed', ['nothing is lost when the disk is full'], [proof]],
  ])('whose test %s is judged by that', (_, passed, expected) => {
    expect(unproven([proof], [{ file: 'a.test.ts', passed }])).toEqual(expected)
  })

  test('whose file did not run is not judged', () => {
    expect(unproven([proof], [{ file: 'b.test.ts', passed: [] }])).toEqual([])
  })
})
