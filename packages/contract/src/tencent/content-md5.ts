import { createHash } from 'node:crypto'
import { Fault } from '../fault.ts'
import { headerValues } from './authorization.ts'

/** Go's client always sends Content-MD5. Throws Fault InvalidContent where it is there and not the body's. */
export const checkContentMd5 = (body: Uint8Array, rawHeaders: readonly string[]): void => {
  const expected = createHash('md5').update(body).digest('base64')
  if (headerValues(rawHeaders, 'content-md5').some((value) => value !== '' && value !== expected)) {
    throw new Fault('InvalidContent', 'Content-MD5 does not fit the body that arrived.')
  }
}
