import { describe, expect, it } from 'vitest'
import { toBits } from './hash-bits.ts'

describe('toBits', () => {
  it('writes word 0 first and the most significant bit of each word first', () => {
    const bits = toBits(Uint32Array.from([0x80000001, 0, 0, 0, 0, 0, 0, 2]))
    expect(bits).toHaveLength(256)
    expect([...bits].flatMap((bit, index) => (bit === '1' ? [index] : []))).toEqual([0, 31, 254])
  })

  it('refuses anything that is not eight words', () => {
    expect(() => toBits(new Uint32Array(7))).toThrow(RangeError)
  })
})
