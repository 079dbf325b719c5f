import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMatch } from '../testing/add-match.ts'
import { addLibrary, type RunningTestApi, startTestApi } from '../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

let made = 0
async function newTarget() {
  const { dnaDbId } = await addLibrary(api.db, `a library that reports ${++made}`)
  return { dnaDbId, target: `/admin/libraries/${dnaDbId}/match-callback` }
}
function put(target: string, json: unknown) {
  return api.admin({ method: 'PUT', target, json })
}
function get(target: string) {
  return api.admin({ method: 'GET', target })
}
const url = 'https://hooks.test/matches'

test('the address of match callbacks can be set, changed and removed', async () => {
  const { target } = await newTarget()
  expect((await get(target)).status).toBe(404)
  const { secretId } = api.key
  expect((await put(target, { url })).json).toEqual({
    url,
    events: ['MatchFound', 'MatchDecided'],
    secretId: null,
  })
  const changed = { url: `${url}/2`, events: ['MatchDecided'], secretId }
  expect((await put(target, changed)).json).toEqual(changed)
  expect((await get(target)).json).toEqual(changed)
  expect((await api.admin({ method: 'DELETE', target })).status).toBe(204)
  expect((await api.admin({ method: 'DELETE', target })).status).toBe(404)
})

test('an address that would never be called, an unknown key and unknown events are refused', async () => {
  const { target } = await newTarget()
  for (const body of [
    {},
    { url: 'ftp://hooks.test' },
    { url: 'http://127.0.0.1/x' },
    { url: 'http://169.254.169.254/latest' },
    { url: 'https://user:password@hooks.test/' },
    { url, events: [] },
    { url, events: ['MatchLost'] },
    { url, secretId: 'AKID0' },
    { url: 7 },
  ])
    expect((await put(target, body)).status).toBe(400)
  expect((await put('/admin/libraries/Db0/match-callback', { url })).status).toBe(404)
  expect((await get(target)).status).toBe(404)
})

test('a decision over the API is reported, listed by match, and sent again only for its own library', async () => {
  const { dnaDbId, target } = await newTarget()
  const { matchId } = await addMatch(api.db, { dnaDbId })
  await put(target, { url })
  await api.admin({
    method: 'POST',
    target: `/admin/matches/${matchId}/decision`,
    json: { state: 'dismissed', reason: 'licensed' },
  })
  const { json } = await get(`${target}/deliveries?matchId=${matchId}`)
  expect(json).toMatchObject({ total: 1, items: [{ matchId, status: 'Pending', url, format: 'JSON' }] })
  expect((await get(`${target}/deliveries?matchId=m0`)).json).toMatchObject({ total: 0 })
  const [{ deliveryId = 0 } = {}] = (json as { items: { deliveryId: number }[] }).items
  const resend = (at: string, id: unknown) =>
    api.admin({ method: 'POST', target: `${at}/deliveries/${id}/resend` })
  expect((await resend(target, deliveryId)).status).toBe(200)
  expect((await resend((await newTarget()).target, deliveryId)).status).toBe(404)
  for (const id of ['x', '1e3', '-1', '99999999999999999999'])
    expect((await resend(target, id)).status).toBe(404)
})

test('a callback about a full library is listed without a match and can be sent again', async () => {
  const { dnaDbId, target } = await newTarget()
  await addMatch(api.db, { dnaDbId })
  await put(target, { url, events: ['LibraryFull'] })
  await api.admin({ method: 'PATCH', target: `/admin/libraries/${dnaDbId}`, json: { capacity: 1 } })
  const { json } = await get(`${target}/deliveries`)
  expect(json).toMatchObject({ total: 1, items: [{ matchId: null, status: 'Pending', url, format: 'JSON' }] })
  const [{ deliveryId = 0 } = {}] = (json as { items: { deliveryId: number }[] }).items
  const resend = await api.admin({ method: 'POST', target: `${target}/deliveries/${deliveryId}/resend` })
  expect(resend.status).toBe(200)
})
