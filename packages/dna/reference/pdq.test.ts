import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatHash, pdqHash } from './pdq.ts'

const pictures = readFileSync(new URL('../golden/pdq-64x64.gray', import.meta.url))
const expected = readFileSync(new URL('../golden/pdq-64x64.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(','))

describe('pdqHash', () => {
  test('has the hash and quality of the C++ reference on all 96 golden pictures', () => {
    expect(expected).toHaveLength(96)
    for (const [index, row] of expected.entries()) {
      const { hash, quality } = pdqHash(new Uint8Array(pictures.subarray(index * 4096, (index + 1) * 4096)))
      // Including flat pictures, whose hash is rounding noise: every operation is that of the reference.
      expect([index, formatHash(hash), String(quality)]).toEqual([index, ...row])
    }
  })

  test('accepts bytes, float32 and float64 values with the same result', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4096, maxLength: 4096 }), (bytes) => {
        const ofBytes = pdqHash(bytes)
        expect(pdqHash(Float32Array.from(bytes))).toEqual(ofBytes)
        expect(pdqHash(Float64Array.from(bytes))).toEqual(ofBytes)
      }),
      { numRuns: 20 },
    )
  })

  test('sets at most half of the bits', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 255, noNaN: true })), (values) => {
        const luma = Float32Array.from({ length: 4096 }, () => values.next().value)
        const ones = formatHash(pdqHash(luma).hash)
          .split('')
          .reduce((sum, digit) => sum + Number.parseInt(digit, 16).toString(2).replaceAll('0', '').length, 0)
        expect(ones).toBeLessThanOrEqual(128)
      }),
      { numRuns: 10 },
    )
  })

  test('has quality 0 for a blank picture and 100 for a chequered one', () => {
    expect(pdqHash(new Uint8Array(4096).fill(16)).quality).toBe(0)
    const chequered = Uint8Array.from({ length: 4096 }, (_, at) =>
      ((at >> 8) + (at >> 2)) % 2 === 0 ? 0 : 255,
    )
    expect(pdqHash(chequered).quality).toBe(100)
  })

  test('rejects a picture of another size', () => {
    expect(() => pdqHash(new Uint8Array(4095))).toThrow(RangeError)
  })
})
