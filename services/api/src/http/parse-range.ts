import { Fault } from '@kinoprint/core'

/** First and last byte, both included. */
export type ByteRange = { readonly start: number; readonly end: number }

const SINGLE_RANGE = /^bytes=(\d{0,16})-(\d{0,16})$/

/**
 * The one range that a Range header asks for, or null for the whole: none given, several, or a unit that is not
 * bytes (RFC 9110 §14.2 lets a server ignore those). A range that lies outside is InvalidRange.
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
    throw new Fault('InvalidRange', `The object has ${sizeBytes} bytes; ${header} lies outside of it.`)
  }
  return end < start ? null : { start, end }
}
