import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { RawAnswer } from './raw-http.ts'

const BASE64 = '[A-Za-z0-9+/]+=*'

/**
 * The pattern of a placeholder whose value the caller does not know. All other bytes of a golden file are compared
 * exactly. A placeholder that occurs twice must have the same value both times.
 */
const kinds: Readonly<Record<string, string>> = {
  jobId: 'j[0-9a-f]{32}',
  videoId: 'dv[0-9a-f]{32}',
  dnaDbId: 'Db[0-9a-f]{32}',
  queueId: 'p[0-9a-f]{32}',
  requestId: BASE64,
  traceId: BASE64,
  time: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\+0800',
  etag: '"[0-9a-f]{32}"',
  token: '[A-Za-z0-9_-]+',
  progress: '\\d\\d?',
  /** The wording is our own; the contract only promises some text. */
  message: '[^<]+',
  keyTime: '\\d+;\\d+',
  hash: '[0-9a-f]{40}',
  seconds: '\\d+',
}

const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

const goldenText = (file: string): string => readFileSync(new URL(`golden/${file}`, import.meta.url), 'utf8')

type Values = Readonly<Record<string, string>>

/** A golden file with these values in place of its placeholders, for code that writes a response from known values. */
export function fillGolden(file: string, values: Values): string {
  return goldenText(file).replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${file} needs a value for ${name}.`)
    return value
  })
}

function patternOf(golden: string, known: Values): RegExp {
  const seen = new Set<string>()
  const source = golden.split(/(\{\{\w+\}\})/).map((part) => {
    const name = /^\{\{(\w+)\}\}$/.exec(part)?.[1]
    if (name === undefined) return quote(part)
    const value = known[name]
    if (value !== undefined) return quote(value)
    if (seen.has(name)) return `\\k<${name}>`
    seen.add(name)
    const kind = kinds[name.replace(/\d+$/, '')]
    if (kind === undefined) throw new Error(`The placeholder ${name} has no known kind.`)
    return `(?<${name}>${kind})`
  })
  return new RegExp(`^${source.join('')}$`)
}

/** Compares a text with a golden file and returns the values of the placeholders. */
export function expectBytes(text: string, file: string, known: Values = {}): Values {
  const golden = goldenText(file)
  const found = patternOf(golden, known).exec(text)
  // Fails and prints both texts.
  if (found === null) expect(text).toBe(golden)
  return { ...found?.groups }
}

/**
 * Compares a response with the golden file of that name: status, promised headers and all bytes of the body.
 * Returns the values of the placeholders.
 */
export function expectGolden(
  answer: RawAnswer,
  name: string,
  options: { status?: number; known?: Values } = {},
): Values {
  const { status = 200, known = {} } = options
  expect(answer.status, answer.text).toBe(status)
  expectHeaders(answer)
  const values = expectBytes(answer.text, `${name}.xml`, known)
  if (values.requestId) expect(values.requestId).toBe(answer.headers.get('x-ci-request-id'))
  if (values.traceId) expect(values.traceId).toBe(answer.headers.get('x-ci-trace-id'))
  return values
}

/** Checks the headers of every response, and those that errors add. */
export function expectHeaders({ status, headers, body }: RawAnswer): void {
  expect(headers.get('content-type')).toBe('application/xml')
  expect(headers.get('content-length')).toBe(String(body.length))
  expect(headers.get('date')).toMatch(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/)
  expect(headers.get('server')).toBe('tencent-ci')
  const requestId = headers.get('x-ci-request-id')
  expect(requestId).toMatch(new RegExp(`^${BASE64}$`))
  expect(headers.get('x-cos-request-id')).toBe(requestId)
  if (status >= 400) expect(headers.get('x-ci-trace-id')).toMatch(new RegExp(`^${BASE64}$`))
  else expect(headers.has('x-ci-trace-id')).toBe(false)
}
