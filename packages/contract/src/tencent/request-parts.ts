import { hash } from 'node:crypto'
import { Fault } from '@kinoprint/core'

/** The parts of a request target such as `/jobs?x=1`. */
export type RequestTarget = {
  /** Percent-decoded; the raw path if decoding fails. */
  readonly path: string
  readonly rawPath: string
  /** In the order of the target, decoded, with `+` as a space. */
  readonly query: readonly QueryField[]
}

export type QueryField = readonly [name: string, value: string]

/** Returns text with an invalid escape unchanged. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function parseField(field: string): QueryField {
  const at = field.indexOf('=')
  const [name, value] = at === -1 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)]
  return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))]
}

/** Splits a target into path and query, without scheme, authority and fragment. Never throws. */
export function parseTarget(target: string): RequestTarget {
  const origin = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
  const at = origin.indexOf('?')
  const rawPath = (at === -1 ? origin : origin.slice(0, at)) || '/'
  const query = at === -1 ? '' : origin.slice(at + 1)
  return {
    path: decode(rawPath),
    rawPath,
    query: query
      .split('&')
      .filter((field) => field !== '')
      .map(parseField),
  }
}

/** Checks Content-MD5, which the Go SDK always sends. Throws Fault InvalidContent if it does not match the body. */
export function checkContentMd5(body: Uint8Array, rawHeaders: readonly string[]): void {
  const given = headerValues(rawHeaders, 'content-md5').filter((value) => value !== '')
  if (given.length === 0) return
  const expected = hash('md5', body, 'base64')
  if (given.some((value) => value !== expected)) {
    throw new Fault('InvalidContent', 'Content-MD5 does not match the received body.')
  }
}

/** Returns all values of a header, trimmed, in order of arrival. `lowerName` is the header's name in lower case. */
export function headerValues(rawHeaders: readonly string[], lowerName: string): string[] {
  const values: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === lowerName) {
      values.push((rawHeaders[index + 1] ?? '').trim())
    }
  }
  return values
}
