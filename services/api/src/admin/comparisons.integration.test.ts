import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addLibrary,
  addVideo,
  DEFAULT_BUCKET,
  type RunningTestApi,
  startTestApi,
} from '../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
  await put('/admin/objects/films-125/a.mp4', 'bytes of a film')
})
afterAll(() => api.close())

function put(target: string, body: string | Buffer) {
  return api.admin({ method: 'PUT', target, body })
}
function get(target: string, headers: Record<string, string> = {}) {
  return api.admin({ method: 'GET', target, headers })
}
async function create(query: unknown, reference: unknown) {
  return api.admin({ method: 'POST', target: '/admin/comparisons', json: { query, reference } })
}
async function createdPath(query: unknown, reference: unknown): Promise<string> {
  const { status, json } = await create(query, reference)
  expect(status).toBe(201)
  return `/admin/comparisons/${(json as { comparisonId: string }).comparisonId}`
}
const object = { bucket: 'films-125', object: 'a.mp4' }

test('a comparison waits for its uploads, then for a worker, and shows both sides', async () => {
  const path = await createdPath({ upload: true, name: '<img onerror=x>.MOV' }, { upload: true })
  expect((await get(path)).json).toMatchObject({
    state: 'Uploading',
    query: { source: 'upload', name: '<img onerror=x>.MOV', state: 'Waiting', durationSeconds: null },
    reference: { name: 'reference' },
    result: null,
    error: null,
  })
  const first = await put(`${path}/query`, 'first')
  expect([first.status, first.json]).toMatchObject([200, { state: 'Uploading' }])
  expect((await put(`${path}/query`, 'replaced')).json).toMatchObject({ state: 'Uploading' })
  const second = await put(`${path}/reference`, 'second')
  expect(second.json).toMatchObject({ state: 'Waiting', query: { bucket: DEFAULT_BUCKET } })
  expect((await get(`${path}/query`, { range: 'bytes=2-4' })).text).toBe('pla')
  expect((await get(`${path}/reference`)).text).toBe('second')
  const late = await put(`${path}/query`, 'late')
  expect([late.status, late.json]).toMatchObject([409, { error: { code: 'Conflict' } }])
  expect((await get(`${path}/query`)).text).toBe('replaced')
})

test('a comparison takes objects and stored videos, and refuses those that do not exist', async () => {
  const { dnaDbId } = await addLibrary(api.db, 'films to compare')
  const { videoId } = await addVideo(api.db, { dnaDbId, object: 'stored.mp4' })
  const path = await createdPath(object, { dnaDbId, videoId })
  expect((await get(path)).json).toMatchObject({
    state: 'Waiting',
    query: { source: 'object', object: 'a.mp4' },
    reference: { source: 'video', dnaDbId, videoId, name: 'stored.mp4' },
  })
  expect((await put(`${path}/query`, 'x')).status).toBe(409)
  for (const missing of [
    { ...object, object: 'none.mp4' },
    { dnaDbId, videoId: 'dv0' },
  ])
    expect((await create(object, missing)).status).toBe(404)
})

test('a comparison with an invalid side is refused', async () => {
  for (const side of [
    {},
    { upload: false },
    { ...object, upload: true },
    { bucket: '../etc', object: 'a' },
    { bucket: 'films-125', object: '../../a' },
    { dnaDbId: 'Db1' },
    null,
    'a.mp4',
  ])
    expect((await create(side, object)).status).toBe(400)
  expect((await create({ upload: true, name: 'x'.repeat(5000) }, object)).status).toBe(400)
  expect((await get('/admin/comparisons/cp0')).status).toBe(404)
  expect((await get('/admin/comparisons/cp0/evidence')).status).toBe(404)
  const path = await createdPath({ upload: true }, object)
  expect((await get(`${path}/evidence`)).status).toBe(404)
  expect((await put('/admin/comparisons/cp0/query', 'x')).status).toBe(404)
})

test('a comparison is deleted with its uploads', async () => {
  const path = await createdPath({ upload: true }, object)
  await put(`${path}/query`, 'to be deleted')
  const listed = async () =>
    (await get(`/admin/objects/${DEFAULT_BUCKET}?prefix=.comparisons/${path.split('/').at(-1)}`)).json
  expect(await listed()).toMatchObject({ total: 1 })
  expect((await api.admin({ method: 'DELETE', target: path })).status).toBe(204)
  expect(await listed()).toMatchObject({ total: 0 })
  expect((await get(path)).status).toBe(404)
  expect((await get('/admin/objects/films-125?prefix=a.mp4')).json).toMatchObject({ total: 1 })
})

test('a comparison is gone after its hour', async () => {
  const path = await createdPath({ upload: true }, object)
  const { json } = await get(path)
  const { createdAt, expiresAt } = json as { createdAt: string; expiresAt: string }
  expect(Math.abs(Date.parse(expiresAt) - Date.parse(createdAt) - 3_600_000)).toBeLessThan(60_000)
  await api.db.pool.query('update comparisons set expires_at = clock_timestamp() where comparison_id = $1', [
    path.split('/').at(-1),
  ])
  await delay(5)
  expect((await get(path)).status).toBe(404)
  expect((await put(`${path}/query`, 'x')).status).toBe(404)
})

test('comparisons of the last hour are listed, newest first, and say which files are there', async () => {
  const older = await createdPath(object, { upload: true, name: 'older.mp4' })
  const newer = await createdPath(object, { upload: true, name: 'newer.mp4' })
  const { json } = await get('/admin/comparisons?pageSize=2')
  expect(json).toMatchObject({
    items: [
      { reference: { name: 'newer.mp4', file: 'unknown' }, query: { file: 'there', thumbnails: false } },
      { reference: { name: 'older.mp4' } },
    ],
    page: 1,
    pageSize: 2,
  })
  await api.db.pool.query(
    `update comparisons set expires_at = now() - interval '1 s' where comparison_id = $1`,
    [newer.split('/').at(-1)],
  )
  expect((await get('/admin/comparisons?pageSize=1')).json).toMatchObject({
    items: [{ comparisonId: older.split('/').at(-1) }],
  })
  expect((await get('/admin/comparisons?pageSize=0')).status).toBe(400)
})
