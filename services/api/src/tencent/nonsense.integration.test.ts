import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addLibrary, jobXml, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { tag } from '../testing/send-request.ts'

/** `npm run test:fuzz` runs thousands of requests. */
const RUNS = 300

let api: RunningTestApi
let dnaDbId: string
beforeAll(async () => {
  api = await startTestApi()
  dnaDbId = (await addLibrary(api.db, 'films')).dnaDbId
})
afterAll(() => api.close())

const names = [
  'ids',
  'pageSize',
  'pageNumber',
  'object',
  'dnaDbId',
  'size',
  'states',
  'nextToken',
  'queueIds',
]
const name = fc.oneof(fc.constantFrom(...names, 'startCreationTime', 'inputObject', 'state'), fc.string())
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer().map(String),
  fc.constantFrom('', 'All', '1,2', '%'),
)
const query = fc
  .array(fc.tuple(name, value), { maxLength: 4 })
  .map((pairs) => pairs.map(([key, text]) => `${encode(key)}=${encode(text)}`).join('&'))
const path = fc.oneof(
  fc.constantFrom('/jobs', '/dnadb', '/dnadb_files', '/dnadbfiles', '/queue'),
  value.map((text) => `/jobs/${encode(text)}`),
  value.map((text) => `/queue/${encode(text)}`),
)
/** Lone surrogates cannot be encoded. */
function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}

const bodies = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .record({
      object: value,
      ruleType: fc.oneof(fc.constantFrom('GetFingerPrint', 'FindSimilarVideo', 'DeleteFingerPrint'), value),
      videoId: value,
      userData: value,
      more: value,
    })
    .map((fields) => jobXml({ dnaDbId, ...fields })),
  value.map((text) => `<Request><Name>${text}</Name><State>Active</State></Request>`),
)

test('the response to any signed request is well formed, and no request causes an unexpected error', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      path,
      query,
      bodies,
      async (method, where, parameters, body) => {
        const target = `${where}?${parameters}`
        const sent = method === 'GET' ? { method, target } : { method, target, body }
        const { status, headers, text } = await api.signed(sent)
        expect(status, `${method} ${target} ${body} ${text}`).toBeLessThan(500)
        expect(headers['x-ci-request-id']).toMatch(/\S/)
        if (status === 200) expect(text).toMatch(/^(<Response>.*<\/Response>)?$/s)
        else
          for (const part of ['Code', 'Message', 'Resource', 'RequestId'])
            expect(tag(part, text)).toMatch(/\S/)
      },
    ),
    { numRuns: RUNS },
  )
  expect(api.logged.filter((line) => line.includes('bug'))).toEqual([])
})
