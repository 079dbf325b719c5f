import { Fault } from '@kinoprint/core'

/** First and last byte, inclusive. */
export type ByteRange = { readonly start: number; readonly end: number }

const SINGLE_RANGE = /^bytes=(\d{0,16})-(\d{0,16})$/

/**
 * The range of a Range header, or null for the whole object: no range, several, or a unit other than bytes, which
 * RFC 9110 §14.2 lets a server ignore. Throws Fault InvalidRange if the range is outside the object.
 *
 * @example parseRange('bytes=-500', 2000) // { start: 1500, end: 1999 }
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | null {
  const match = SINGLE_RANGE.exec(header?.replaceAll(' ', '') ?? '')
  if (!match) return null
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return null
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  if (start >= sizeBytes || (first === '' && Number(last) === 0)) {
    throw new Fault(
      'InvalidRange',
      `The range ${header} is outside the object, which has ${sizeBytes} bytes.`,
    )
  }
  return end < start ? null : { start, end }
}
