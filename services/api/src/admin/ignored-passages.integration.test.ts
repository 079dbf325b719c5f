import { adminRoutes } from '@kinoprint/contract'
import { claimIgnoredLookup, endIgnoredLookup } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMatch } from '../testing/add-match.ts'
import { addLibrary, addVideo, type RunningTestApi, startTestApi } from '../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

let made = 0
async function newVideo() {
  const { dnaDbId } = await addLibrary(api.db, `films with idents ${++made}`)
  const { videoId } = await addVideo(api.db, { dnaDbId, object: 'a.mp4' })
  return { dnaDbId, videoId, target: `/admin/libraries/${dnaDbId}/ignored` }
}
function post(target: string, json: unknown) {
  return api.admin({ method: 'POST', target, json })
}
function get(target: string) {
  return api.admin({ method: 'GET', target })
}

test('a passage can be ignored, shown, listed by video and restored', async () => {
  const { dnaDbId, videoId, target } = await newVideo()
  const made = await post(target, { videoId, start: 0.5, end: 3, note: '<b>ident</b>' })
  expect([made.status, made.json]).toMatchObject([
    200,
    {
      dnaDbId,
      videoId,
      start: 0.5,
      end: 3,
      everywhere: false,
      note: '<b>ident</b>',
      by: null,
      state: 'Active',
    },
  ])
  const { ignoredId } = made.json as { ignoredId: string }
  expect((await get(`${target}/${ignoredId}`)).json).toEqual({ ...(made.json as object), positions: [] })
  expect((await get(`${target}?videoId=${videoId}`)).json).toMatchObject({ total: 1, items: [{ ignoredId }] })
  expect((await get(`${target}?videoId=dv0`)).json).toMatchObject({ total: 0, items: [] })
  expect((await post(target, { videoId, start: 0.5, end: 3 })).status).toBe(409)
  const remove = () => api.admin({ method: 'DELETE', target: `${target}/${ignoredId}` })
  expect((await remove()).status).toBe(204)
  expect((await remove()).status).toBe(404)
  expect((await get(target)).json).toMatchObject({ total: 0 })
})

test('the name given at sign-in stands with what is ignored', async () => {
  const { videoId, target } = await newVideo()
  const signedIn = await api.send({
    method: 'POST',
    target: '/admin/session',
    body: JSON.stringify({ token: 'admin-token-of-the-tests', name: 'Li' }),
  })
  const { csrf } = JSON.parse(signedIn.text) as { csrf: string }
  const cookie = String(signedIn.headers['set-cookie']).split(';', 1)[0] ?? ''
  const request = { method: 'POST', target, body: JSON.stringify({ videoId, start: 0, end: 2 }) }
  expect((await api.send({ ...request, headers: { cookie } })).status).toBe(403)
  const { text } = await api.send({ ...request, headers: { cookie, 'x-kinoprint-csrf': csrf } })
  expect(JSON.parse(text)).toMatchObject({ by: 'Li' })
})

test('a dry run waits for the lookup of a worker, and makes no rule', async () => {
  const { videoId, target } = await newVideo()
  const body = { videoId, start: 0, end: 2, everywhere: true }
  const dryRun = post(`${target}?dryRun=true`, body)
  const lookup = await expect
    .poll(() => claimIgnoredLookup(api.db, { leaseMs: 60_000 }))
    .not.toBeNull()
    .then(
      async () =>
        (await api.db.pool.query('select ignored_id as id from ignored_passages where is_draft')).rows,
    )
  await endIgnoredLookup(api.db, { ignoredId: lookup[0]?.id, fingerprint: new Uint8Array(), placements: [] })
  const { status, json } = await dryRun
  expect([status, json]).toEqual([200, { hidden: 0, shortened: 0, confirmedKept: 0, alsoIn: 0 }])
  expect((await get(target)).json).toMatchObject({ total: 0 })
  expect((await post(target, body)).json).toMatchObject({ state: 'Active', alsoIn: 0 })
})

test('ranges that make no sense are refused', async () => {
  const { videoId, target } = await newVideo()
  for (const range of [
    { start: 2, end: 2 },
    { start: 3, end: 2 },
    { start: -1, end: 2 },
    { start: 0, end: 0.4 },
    { start: 0, end: 601 },
    { start: 0, end: 500 },
    { start: 0 },
    { start: '0', end: '2' },
    { start: 0, end: null },
  ])
    expect((await post(target, { videoId, ...range })).status).toBe(400)
  expect((await post(target, { videoId, start: 0, end: 2, note: 'x'.repeat(2001) })).status).toBe(400)
  expect((await post(target, { videoId: 'dv0', start: 0, end: 2 })).status).toBe(404)
  expect((await get('/admin/libraries/Db0/ignored')).status).toBe(404)
  expect((await post('/admin/libraries/Db0/ignored', { videoId, start: 0, end: 2 })).status).toBe(404)
})

test('a divided match shows its parts with their exact shape, and the list shows what counts', async () => {
  const { dnaDbId } = await newVideo()
  const { matchId, videoId } = await addMatch(api.db, { dnaDbId })
  const target = `/admin/libraries/${dnaDbId}/ignored`
  expect((await post(target, { videoId, start: 0, end: 3.5 })).json).toMatchObject({
    hidden: 0,
    shortened: 1,
  })
  const cutFrom = { queryStart: 0, queryEnd: 5, refStart: 1, refEnd: 6 }
  const { json } = await get(`/admin/matches/${matchId}`)
  expect(adminRoutes.getMatch.answers[200].parse(json)).toEqual(json)
  expect(json).toMatchObject({
    passages: [
      {
        queryStart: 0,
        queryEnd: 2.5,
        refStart: 1,
        refEnd: 3.5,
        ignored: expect.stringMatching(/^ig/),
        cutFrom,
      },
      { queryStart: 2.5, queryEnd: 5, refStart: 3.5, refEnd: 6, ignored: null, cutFrom },
    ],
  })
  const listed = await get(`/admin/matches?library=${dnaDbId}`)
  expect(listed.json).toMatchObject({ items: [{ passages: [{ queryStart: 2.5, ignored: null }] }] })
})
