import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMatch } from '../testing/add-match.ts'
import { ADMIN_TOKEN, addLibrary, type RunningTestApi, startTestApi } from '../testing/running-api.ts'

let api: RunningTestApi
let matchId: string
const dots = {
  columns: 20,
  rows: 1,
  queryStart: 0,
  queryEnd: 20,
  refStart: 0,
  refEnd: 10,
  picture: Buffer.from(Uint16Array.of((7 << 12) | 20).buffer).toString('base64'),
  sound: null,
}
const evidence = { version: 1, dots, passages: [] }

beforeAll(async () => {
  api = await startTestApi()
  const { dnaDbId } = await addLibrary(api.db, 'evidence')
  const data = gzipSync(JSON.stringify(evidence))
  matchId = (await addMatch(api.db, { dnaDbId, evidence: data })).matchId
})
afterAll(() => api.close())

function get(target: string, headers: Record<string, string> = {}) {
  const all = { authorization: `Bearer ${ADMIN_TOKEN}`, ...headers }
  return fetch(`http://127.0.0.1:${api.port}/admin/matches/${target}`, { headers: all })
}

test('evidence is sent as it was stored, compressed, and browsers ask whether theirs is current', async () => {
  const answer = await get(`${matchId}/evidence`, { 'accept-encoding': 'gzip' })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(answer.headers.get('cache-control')).toBe('private, no-cache')
  expect(await answer.json()).toEqual(evidence)
  const etag = answer.headers.get('etag') ?? ''
  // fetch would add Cache-Control: no-cache.
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'if-none-match': etag }
  const same = await api.send({ method: 'GET', target: `/admin/matches/${matchId}/evidence`, headers })
  expect([same.status, same.text]).toEqual([304, ''])
  const { rows } = await api.db.pool.query<{ data: Buffer }>('select data from match_evidence')
  expect(JSON.parse(gunzipSync(rows[0]?.data ?? '').toString())).toEqual(evidence)
})

test('a client that accepts no compression gets plain JSON', async () => {
  const answer = await get(`${matchId}/evidence`, { 'accept-encoding': 'identity' })
  expect(answer.headers.get('content-encoding')).toBeNull()
  expect(await answer.json()).toEqual(evidence)
})

test('a range of the query cuts the dots, and has an ETag of its own', async () => {
  const whole = await get(`${matchId}/evidence`)
  const answer = await get(`${matchId}/evidence?from=5&to=15&columns=5`)
  expect(await answer.json()).toMatchObject({
    version: 1,
    dots: { columns: 5, queryStart: 5, queryEnd: 15, rows: 1 },
  })
  expect(answer.headers.get('etag')).not.toBe(whole.headers.get('etag'))
})

test.each(['columns=0', 'columns=513', 'columns=x', 'from=-1', 'to=1e9', 'from=NaN'])(
  'evidence with %s is refused',
  async (query) => {
    const answer = await get(`${matchId}/evidence?${query}`)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'InvalidArgument' } })
  },
)

test('dots of a window are cut from the evidence if a fingerprint is missing, and say so', async () => {
  const answer = await get(`${matchId}/dots?from=5&to=15&refFrom=0&refTo=10&columns=5`)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({
    source: 'evidence',
    columns: 5,
    rows: 1,
    queryStart: 5,
    queryEnd: 15,
  })
  const unknown = await get('m0/dots?from=5&to=15&refFrom=0&refTo=10')
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: 'NotFound' } }])
})

test.each([
  'from=0&to=5',
  'from=5&to=5&refFrom=0&refTo=10',
  'from=0&to=5&refFrom=6&refTo=5',
  'from=-1&to=5&refFrom=0&refTo=5',
  'from=0&to=1e9&refFrom=0&refTo=5',
  'from=0&to=5&refFrom=NaN&refTo=5',
  'from=0&to=5&refFrom=0&refTo=5&columns=513',
  'from=0&to=5&refFrom=0&refTo=5&rows=0',
])('dots of the window %s are refused', async (query) => {
  const answer = await get(`${matchId}/dots?${query}`)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ error: { code: 'InvalidArgument' } })
})

test('an unknown match and a match without evidence have different errors', async () => {
  const unknown = await get('m0/evidence')
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: 'NotFound' } }])
  const { dnaDbId } = await addLibrary(api.db, 'no evidence')
  const bare = await addMatch(api.db, { dnaDbId })
  const answer = await get(`${bare.matchId}/evidence`)
  expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'ResourceNotFound' } }])
  expect(answer.headers.get('cache-control')).toBe('no-store')
})
