import { hash } from 'node:crypto'
import { Fault } from '@kinoprint/core'
import { headerValues } from './authorization.ts'

/** Go's client always sends Content-MD5. Throws Fault InvalidContent where it is there and not the body's. */
export const checkContentMd5 = (body: Uint8Array, rawHeaders: readonly string[]): void => {
  const given = headerValues(rawHeaders, 'content-md5').filter((value) => value !== '')
  if (given.length === 0) return
  const expected = hash('md5', body, 'base64')
  if (given.some((value) => value !== expected)) {
    throw new Fault('InvalidContent', 'Content-MD5 does not fit the body that arrived.')
  }
}
