import { Fault } from '@kinoprint/core'
import { headerValues, parseTarget } from './request-parts.ts'

/** The period in which a signature is valid: Unix seconds, both ends included. */
type Validity = { readonly text: string; readonly start: number; readonly end: number }

/** The fields of a signature, from the Authorization header or the query (single parameters or merged into `sign`). */
export type Authorization = {
  readonly source: 'header' | 'query'
  readonly secretId: string
  readonly signTime: Validity
  readonly keyTime: Validity
  /** Names as listed: lower case, percent-encoded. */
  readonly headerList: readonly string[]
  readonly urlParamList: readonly string[]
  readonly signature: string
}

export type SignedRequestParts = {
  /** As received: origin form or absolute form. */
  readonly target: string
  /** Alternating names and values, as in `rawHeaders` of node:http. */
  readonly rawHeaders: readonly string[]
}

const fieldNames = [
  'q-sign-algorithm',
  'q-ak',
  'q-sign-time',
  'q-key-time',
  'q-header-list',
  'q-url-param-list',
  'q-signature',
] as const
type FieldName = (typeof fieldNames)[number]

function isFieldName(name: string): name is FieldName {
  return (fieldNames as readonly string[]).includes(name)
}

function invalid(reason: string): Fault {
  return new Fault('InvalidAuthorization', reason)
}

function collect(pairs: readonly (readonly [string, string])[]): Map<FieldName, string> {
  const fields = new Map<FieldName, string>()
  for (const [name, value] of pairs) {
    const key = name.trim().toLowerCase()
    if (!isFieldName(key)) {
      continue
    }
    if (fields.has(key)) {
      throw invalid(`The authorization contains ${key} more than once.`)
    }
    fields.set(key, value.trim())
  }
  return fields
}

function splitHeader(header: string): (readonly [string, string])[] {
  return header.split('&').map((field) => {
    const at = field.indexOf('=')
    return at === -1 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)]
  })
}

/** The parameter that holds a whole authorization, as the SDKs for Java, PHP, C, C++ and Go (SignMerged) presign. */
const MERGED = 'sign'

function mergedIn(target: string): string | undefined {
  const { query } = parseTarget(target)
  const values = query.filter(([name, value]) => name.toLowerCase() === MERGED && value !== '')
  if (values.length > 1) {
    throw invalid(`The query contains ${MERGED} more than once.`)
  }
  return values[0]?.[1]
}

/** At most 11 digits, so that milliseconds are rejected. */
const VALIDITY = /^(\d{1,11});(\d{1,11})$/

function parseValidity(name: FieldName, value: string): Validity {
  const text = value.replace(/%3b/i, ';')
  const found = VALIDITY.exec(text)
  const start = Number(found?.[1])
  const end = Number(found?.[2])
  if (found === null || end < start) {
    throw invalid(`${name} must be two Unix times in seconds: "start;end".`)
  }
  return { text, start, end }
}

function parseList(value: string): string[] {
  return value
    .toLowerCase()
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/**
 * Reads the fields of a signature without verifying it. Throws Fault MissingAuthorization if the request is not signed,
 * InvalidAuthorization if a field is missing, repeated or malformed.
 */
export function parseAuthorization({ target, rawHeaders }: SignedRequestParts): Authorization {
  const headers = headerValues(rawHeaders, 'authorization').filter((value) => value !== '')
  if (headers.length > 1) {
    throw invalid('The request has more than one Authorization header. Send one.')
  }
  const header = headers[0]
  const source = header === undefined ? 'query' : 'header'
  const merged = header ?? mergedIn(target)
  const fields = collect([
    ...(header === undefined ? parseTarget(target).query : []),
    ...(merged === undefined ? [] : splitHeader(merged)),
  ])
  if (merged === undefined && fields.size === 0) {
    throw new Fault('MissingAuthorization', 'The request is not signed. Send an Authorization header.')
  }
  const field = (name: FieldName): string => {
    const value = fields.get(name)
    if (value === undefined) {
      throw invalid(`The authorization has no ${name}.`)
    }
    return value
  }
  if (field('q-sign-algorithm') !== 'sha1') {
    throw invalid('q-sign-algorithm must be sha1.')
  }
  const secretId = field('q-ak')
  if (secretId === '') {
    throw invalid('q-ak is empty. Set it to your SecretId.')
  }
  return {
    source,
    secretId,
    signTime: parseValidity('q-sign-time', field('q-sign-time')),
    keyTime: parseValidity('q-key-time', field('q-key-time')),
    headerList: parseList(field('q-header-list')),
    urlParamList: parseList(field('q-url-param-list')),
    signature: field('q-signature'),
  }
}
