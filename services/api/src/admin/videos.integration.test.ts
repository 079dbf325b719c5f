import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addLibrary,
  addVideo,
  DEFAULT_BUCKET,
  type RunningTestApi,
  startTestApi,
} from '../testing/running-api.ts'

let api: RunningTestApi
let videos = ''
let videoId = ''
beforeAll(async () => {
  api = await startTestApi()
  const { dnaDbId } = await addLibrary(api.db, 'films')
  videos = `/admin/libraries/${dnaDbId}/videos`
  for (const object of ['b/100%_Film.mp4', 'a/film.mp4', 'c/other.mp4'])
    videoId = (await addVideo(api.db, { dnaDbId, object })).videoId
  await api.db.pool.query(
    `update videos set has_audio = object not like 'a/%', duration_seconds = length(object), codec = 'hevc', fps = 29.97,
       bytes = 5000000000, created_at = now() - length(object) * interval '1 s'`,
  )
  await api.objects.write(DEFAULT_BUCKET, 'a/film.mp4', Readable.from([Buffer.from('a film')]))
})
afterAll(() => api.close())

type Listed = { readonly total: number; readonly items: readonly { readonly object: string }[] }
const get = (target: string) => api.admin({ method: 'GET', target })
const list = async (query: string): Promise<Listed> => (await get(`${videos}?${query}`)).json as Listed
const namesOf = async (query: string): Promise<string[]> =>
  (await list(query)).items.map(({ object }) => object.slice(0, 1))

test.each([
  ['order=newest', 'acb'],
  ['order=oldest', 'bca'],
  ['order=name', 'abc'],
  ['order=longest', 'bca'],
  ['order=shortest', 'acb'],
  ['q=film', 'ab'],
  ['q=FILM&hasAudio=true', 'b'],
  ['q=100%25_f', 'b'],
  ['q=%25', 'b'],
  ['q=none', ''],
  ['hasAudio=false', 'a'],
  ['seconds=11', 'cb'],
  ['seconds=0-10', 'a'],
  ['seconds=10-11&order=name', 'ac'],
])('videos listed with %s', async (query, names) => {
  expect((await namesOf(query)).join('')).toBe(names)
  expect((await list(query)).total).toBe(names.length)
})

test.each(['order=best', 'hasAudio=maybe', 'seconds=long', 'columns=3'])(
  'a video list with %s is refused',
  async (query) => {
    expect((await get(`${videos}?${query}`)).status).toBe(400)
  },
)

test('a video shows its file, its matches, and whether its object is gone', async () => {
  const facts = { codec: 'hevc', fps: 29.97, bytes: 5_000_000_000, matches: { open: 0, all: 0 } }
  expect((await list('order=name')).items).toMatchObject([
    { ...facts, object: 'a/film.mp4', objectGone: false },
    { ...facts, objectGone: true },
    { ...facts, objectGone: true },
  ])
  expect((await get(`${videos}/${videoId}`)).json).toMatchObject({ ...facts, objectGone: true })
})

test('the heat of a video without matches is zero over its length', async () => {
  const { json, status } = await get(`${videos}/${videoId}/heat?columns=4`)
  const durationSeconds = 'c/other.mp4'.length
  expect([status, json]).toEqual([
    200,
    { durationSeconds, columnSeconds: durationSeconds / 4, counts: [0, 0, 0, 0], max: 0, matches: 0 },
  ])
  expect((await get(`${videos}/${videoId}/heat?columns=1001`)).status).toBe(400)
  expect((await get(`${videos}/dvnone/heat`)).status).toBe(404)
})
