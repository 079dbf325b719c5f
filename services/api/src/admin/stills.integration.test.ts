import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { openTestPictures, putTestVideo, type TestPictures } from '../testing/video-file.ts'

let pictures: TestPictures
let api: RunningTestApi
beforeAll(async () => {
  pictures = await openTestPictures()
  api = await startTestApi({}, { pictures })
  await putTestVideo(api.objects, pictures, { bucket: 'films-125', object: 'a/film 1.mp4', seconds: 4 })
})
afterAll(async () => {
  await api.close()
  await pictures.close()
})

const FILM = '/admin/stills/films-125/a/film%201.mp4'
const get = (target: string, headers = {}) => api.admin({ method: 'GET', target, headers })
async function kept(): Promise<number> {
  const names = await readdir(join(pictures.cacheDir, 'stills'), { recursive: true }).catch(() => [])
  return names.filter((name) => /[0-9a-f]{64}$/.test(name)).length
}

test('a still is decoded once, kept, and not sent again to a browser that has it', async () => {
  const first = await get(`${FILM}?t=1.5&width=160`)
  expect([first.status, first.headers['content-type'], first.headers['cache-control']]).toEqual([
    200,
    'image/jpeg',
    'private, max-age=3600',
  ])
  expect(first.body.subarray(0, 2).toString('hex')).toBe('ffd8')
  const before = await kept()
  expect((await get(`${FILM}?t=1.5&width=160`)).body).toEqual(first.body)
  expect(await kept()).toBe(before)
  const again = await get(`${FILM}?t=1.5&width=160`, { 'if-none-match': first.headers.etag })
  expect([again.status, again.text]).toEqual([304, ''])
  const other = await get(`${FILM}?t=2.5&width=160`)
  expect(other.headers.etag).not.toBe(first.headers.etag)
  expect(other.body).not.toEqual(first.body)
})

test('many requests for stills at once are all answered', async () => {
  const times = [0, 1, 2, 3, 99]
  const answers = await Promise.all([...times, ...times].map((t) => get(`${FILM}?t=${t}`)))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
})

test('a replaced object gives stills of its new content', async () => {
  const target = '/admin/stills/films-125/replaced.mp4?t=1'
  const object = 'replaced.mp4'
  await putTestVideo(api.objects, pictures, { bucket: 'films-125', object, seconds: 2 })
  const before = await get(target)
  const options = ['-vf', 'negate', '-c:v', 'libx264']
  await putTestVideo(api.objects, pictures, { bucket: 'films-125', object, seconds: 2, options })
  const after = await get(target)
  expect(after.headers.etag).not.toBe(before.headers.etag)
  expect(after.body).not.toEqual(before.body)
})

test('stills of what is no video are refused, and the refusal is not cached', async () => {
  await api.objects.write('films-125', 'text.mp4', Readable.from([Buffer.from('#EXTM3U\nfile:/etc/passwd')]))
  await api.objects.write('films-125', 'empty.mp4', Readable.from([]))
  for (const name of ['text.mp4', 'empty.mp4']) {
    const { status, json, headers } = await get(`/admin/stills/films-125/${name}`)
    expect([status, json, headers['cache-control'], headers.etag]).toEqual([
      400,
      { error: expect.objectContaining({ code: 'ResourceNotSupported' }) },
      'no-store',
      undefined,
    ])
  }
  expect((await get('/admin/stills/films-125/none.mp4')).status).toBe(404)
  for (const query of ['t=-1', 't=x', 'width=321', 'width=100000', 't=1e9'])
    expect((await get(`${FILM}?${query}`)).status).toBe(400)
})

test('a server without ffmpeg answers 501 to requests for stills', async () => {
  const bare = await startTestApi()
  await bare.objects.write('films-125', 'a.mp4', Readable.from([Buffer.from('a')]))
  const { status } = await bare.admin({ method: 'GET', target: '/admin/stills/films-125/a.mp4' })
  await bare.close()
  expect(status).toBe(501)
})
