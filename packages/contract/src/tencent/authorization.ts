import { Fault } from '@kinoprint/core'
import { headerValues, parseTarget } from './request-parts.ts'

/** Unix seconds, both included. */
export type TimeWindow = { readonly text: string; readonly start: number; readonly end: number }

/** The fields of a signature, from the Authorization header or from the query (presigned, also merged in `sign`). */
export type Authorization = {
  readonly source: 'header' | 'query'
  readonly secretId: string
  readonly signTime: TimeWindow
  readonly keyTime: TimeWindow
  /** As listed, in lower case, each name percent-encoded. */
  readonly headerList: readonly string[]
  readonly urlParamList: readonly string[]
  readonly signature: string
}

export type SignedRequestParts = {
  /** As received, maybe absolute-form. */
  readonly target: string
  /** Names and values in turn, as node:http's `rawHeaders`. */
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
      throw invalid(`The authorization holds ${key} twice.`)
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

/** The parameter that carries a whole authorization, as Java, PHP, C and C++ presign, and Go's SignMerged. */
const MERGED = 'sign'

function mergedIn(target: string): string | undefined {
  const { query } = parseTarget(target)
  const values = query.filter(([name, value]) => name.toLowerCase() === MERGED && value !== '')
  if (values.length > 1) {
    throw invalid(`The query holds ${MERGED} twice.`)
  }
  return values[0]?.[1]
}

/** At most 11 digits: unix seconds, not milliseconds. */
const windowShape = /^(\d{1,11});(\d{1,11})$/

function parseWindow(name: FieldName, value: string): TimeWindow {
  const text = value.replace(/%3b/i, ';')
  const found = windowShape.exec(text)
  const start = Number(found?.[1])
  const end = Number(found?.[2])
  if (found === null || end < start) {
    throw invalid(`${name} must be two unix times in seconds, "start;end".`)
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
 * Reads the signature's fields without checking the signature: who claims to have signed, when and what.
 * Throws Fault MissingAuthorization or InvalidAuthorization.
 */
export function parseAuthorization({ target, rawHeaders }: SignedRequestParts): Authorization {
  const headers = headerValues(rawHeaders, 'authorization').filter((value) => value !== '')
  if (headers.length > 1) {
    throw invalid('There is more than one Authorization header.')
  }
  const header = headers[0]
  const source = header === undefined ? 'query' : 'header'
  const merged = header ?? mergedIn(target)
  const fields = collect([
    ...(header === undefined ? parseTarget(target).query : []),
    ...(merged === undefined ? [] : splitHeader(merged)),
  ])
  if (merged === undefined && fields.size === 0) {
    throw new Fault('MissingAuthorization', 'The request is not signed: send an Authorization header.')
  }
  const field = (name: FieldName): string => {
    const value = fields.get(name)
    if (value === undefined) {
      throw invalid(`The authorization lacks ${name}.`)
    }
    return value
  }
  if (field('q-sign-algorithm') !== 'sha1') {
    throw invalid('q-sign-algorithm must be sha1.')
  }
  const secretId = field('q-ak')
  if (secretId === '') {
    throw invalid('q-ak is empty.')
  }
  return {
    source,
    secretId,
    signTime: parseWindow('q-sign-time', field('q-sign-time')),
    keyTime: parseWindow('q-key-time', field('q-key-time')),
    headerList: parseList(field('q-header-list')),
    urlParamList: parseList(field('q-url-param-list')),
    signature: field('q-signature'),
  }
}

/** The token of a temporary key, in either header or in the presigned query. */
export function securityTokenOf({ target, rawHeaders }: SignedRequestParts): string | undefined {
  const names = ['x-cos-security-token', 'x-ci-security-token']
  const fromHeaders = names.flatMap((name) => headerValues(rawHeaders, name))
  const fromQuery = parseTarget(target).query.filter(([name]) => names.includes(name.toLowerCase()))
  return [...fromHeaders, ...fromQuery.map(([, value]) => value)].find((token) => token !== '')
}
