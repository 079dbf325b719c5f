import { describe, expect, it } from 'vitest'
import { parseRange } from './parse-range.ts'

describe('parseRange', () => {
  it('parses the three forms of a single range', () => {
    expect(parseRange('bytes=0-4', 10)).toEqual({ start: 0, end: 4 })
    expect(parseRange('bytes=5-', 10)).toEqual({ start: 5, end: 9 })
    expect(parseRange('bytes=-3', 10)).toEqual({ start: 7, end: 9 })
    expect(parseRange('bytes=-30', 10)).toEqual({ start: 0, end: 9 })
    expect(parseRange('bytes=2-99', 10)).toEqual({ start: 2, end: 9 })
  })

  it('returns the whole object for a header that it does not understand', () => {
    for (const header of [undefined, '', 'bytes=-', 'bytes=1-2,4-5', 'items=0-1', 'bytes=5-2', 'bytes=a-b']) {
      expect(parseRange(header, 10)).toBeNull()
    }
  })

  it('rejects a range outside the object', () => {
    for (const header of ['bytes=10-', 'bytes=99-100', 'bytes=-0']) {
      expect(() => parseRange(header, 10)).toThrow(expect.objectContaining({ code: 'InvalidRange' }))
    }
    expect(() => parseRange('bytes=0-', 0)).toThrow(expect.objectContaining({ code: 'InvalidRange' }))
  })
})
