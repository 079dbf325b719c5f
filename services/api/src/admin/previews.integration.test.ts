import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startApi } from '../index.ts'
import { ADMIN_TOKEN, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { openTestPictures, putTestVideo, type TestPictures } from '../testing/video-file.ts'

/** Time limit for a hanging test. */
const WAIT = { timeout: 250_000, interval: 100 }
const bucket = 'films-125'
let pictures: TestPictures
let api: RunningTestApi
/** A second server with the same database and folder. */
let other: Awaited<ReturnType<typeof startApi>>
beforeAll(async () => {
  pictures = await openTestPictures()
  api = await startTestApi({}, { pictures })
  other = await startApi({ port: 0, host: '127.0.0.1', ...api.options })
})
afterAll(async () => {
  await other.close({ timeoutMs: 500 })
  await api.close()
  await pictures.close()
})

const get = (target: string, headers = {}) => api.admin({ method: 'GET', target, headers })
const start = (object: string) =>
  api.admin({ method: 'POST', target: '/admin/previews', json: { bucket, object } })

async function ended(object: string): Promise<{ previewId: string; state: string; message: string | null }> {
  const { json, status } = await start(object)
  expect(status).toBe(202)
  const { previewId } = json as { previewId: string }
  return vi.waitFor(async () => {
    const preview = (await get(`/admin/previews/${previewId}`)).json as {
      previewId: string
      state: string
      message: string | null
    }
    expect(['ready', 'failed']).toContain(preview.state)
    return preview
  }, WAIT)
}

test('an MPEG-4 Part 2 video gets an H.264 preview that players can seek in', async () => {
  const options = ['-c:v', 'mpeg4', '-c:a', 'aac']
  await putTestVideo(api.objects, pictures, { bucket, object: 'old.mp4', seconds: 3, options })
  const first = await ended('old.mp4')
  expect(first).toMatchObject({ state: 'ready', progress: 1, message: null, bytes: expect.any(Number) })
  const target = `/admin/previews/${first.previewId}/preview.mp4`
  const video = await get(target)
  expect([video.status, video.headers['content-type'], video.body.includes('avc1')]).toEqual([
    200,
    'video/mp4',
    true,
  ])
  const part = await get(target, { range: 'bytes=4-7' })
  expect([part.status, part.text]).toEqual([206, 'ftyp'])
  expect((await get(target, { 'if-none-match': video.headers.etag })).status).toBe(304)
  expect((await get(target, { range: 'bytes=99999999-' })).status).toBe(416)
  expect((await start('old.mp4')).json).toEqual(first)
})

test('a preview of what is no video fails with a message', async () => {
  await api.objects.write(bucket, 'text.mp4', Readable.from([Buffer.from('text')]))
  expect(await ended('text.mp4')).toMatchObject({ state: 'failed', message: expect.stringMatching(/MP4/) })
})

test('every server answers for the previews of another, and does not make them a second time', async () => {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }
  const ask = async (path: string, body?: object) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    return fetch(`http://127.0.0.1:${other.port}/admin/previews${path}`, { headers, ...init })
  }
  const preview = async (answer: Promise<Response>) => (await (await answer).json()) as { state: string }
  const objects = ['first.mp4', 'second.mp4', 'third.mp4']
  for (const [at, object] of objects.entries())
    await putTestVideo(api.objects, pictures, { bucket, object, seconds: 6 + at })
  const ids = []
  for (const object of objects) ids.push(((await start(object)).json as { previewId: string }).previewId)
  const last = ids.at(-1)
  // The last waits for the first two.
  expect((await preview(ask(`/${last}`))).state).toMatch(/waiting|running/)
  expect((await preview(ask('', { bucket, object: 'third.mp4' }))).state).toMatch(/waiting|running/)
  await vi.waitFor(async () => expect((await preview(ask(`/${last}`))).state).toBe('ready'), WAIT)
  expect((await ask(`/${last}/preview.mp4`)).status).toBe(200)
  await api.objects.write(bucket, 'no-video.mp4', Readable.from([Buffer.from('text')]))
  const failing = ((await start('no-video.mp4')).json as { previewId: string }).previewId
  await vi.waitFor(
    async () => expect(await preview(ask(`/${failing}`))).toMatchObject({ state: 'failed' }),
    WAIT,
  )
  const unfinished = await api.db.pool.query("select preview_id from previews where state <> 'failed'")
  expect(unfinished.rows).toEqual([])
})

test('more than five unfinished previews are refused', async () => {
  for (let number = 0; number < 7; number++)
    await putTestVideo(api.objects, pictures, { bucket, object: `many/${number}.mp4`, seconds: 2 + number })
  const answers = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((number) => start(`many/${number}.mp4`)))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0)
  expect(statuses.filter((status) => status === 202).length).toBeGreaterThanOrEqual(5)
})

test('unknown and hostile previews are not found', async () => {
  expect((await start('none.mp4')).status).toBe(404)
  for (const id of ['0'.repeat(64), 'x', '..%2F..%2Fetc'])
    for (const target of [`/admin/previews/${id}`, `/admin/previews/${id}/preview.mp4`])
      expect([target, (await get(target)).status]).toEqual([target, 404])
})
