import { describe, expect, test } from 'vitest'
import { parseRange } from './parse-range.ts'

describe('parseRange', () => {
  test('a range is parsed in each of its three forms', () => {
    expect(parseRange('bytes=0-4', 10)).toEqual({ start: 0, end: 4 })
    expect(parseRange('bytes=5-', 10)).toEqual({ start: 5, end: 9 })
    expect(parseRange('bytes=-3', 10)).toEqual({ start: 7, end: 9 })
    expect(parseRange('bytes=-30', 10)).toEqual({ start: 0, end: 9 })
    expect(parseRange('bytes=2-99', 10)).toEqual({ start: 2, end: 9 })
  })

  test('an unsupported Range header selects the whole object', () => {
    for (const header of [undefined, '', 'bytes=-', 'bytes=1-2,4-5', 'items=0-1', 'bytes=5-2', 'bytes=a-b']) {
      expect(parseRange(header, 10)).toBeNull()
    }
  })

  test('a range outside the object is rejected', () => {
    for (const header of ['bytes=10-', 'bytes=99-100', 'bytes=-0']) {
      expect(() => parseRange(header, 10)).toThrow(expect.objectContaining({ code: 'InvalidRange' }))
    }
    expect(() => parseRange('bytes=0-', 0)).toThrow(expect.objectContaining({ code: 'InvalidRange' }))
  })
})
