import { describe, expect, test } from 'vitest'
import { toBits } from './hash-bits.ts'

describe('toBits', () => {
  test('writes word 0 first and the most significant digit of each word first', () => {
    const words = Uint32Array.from([0x80000001, 0, 0, 0, 0, 0, 0, 2])
    expect(toBits(words)).toBe(`x80000001${'0'.repeat(48)}00000002`)
  })

  test('rejects a hash that does not have eight words', () => {
    expect(() => toBits(new Uint32Array(7))).toThrow(RangeError)
  })
})
