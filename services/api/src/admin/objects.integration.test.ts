import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addLibrary, addVideo, type RunningTestApi, startTestApi } from '../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

function get(target: string) {
  return api.admin({ method: 'GET', target })
}
function remove(target: string) {
  return api.admin({ method: 'DELETE', target })
}
function refusal(code: string) {
  return {
    error: { code, message: expect.stringMatching(/\S/), requestId: expect.stringMatching(/\S/) },
  }
}

describe('/admin/objects', () => {
  const content = Buffer.from('0123456789')
  const put = (target: string, body: string | Buffer = content, chunked = false) =>
    api.admin({ method: 'PUT', target, body, chunked })

  test('an object can be stored, read, listed and deleted', async () => {
    const target = '/admin/objects/films-125/a/%E6%B5%8B%20+1.mp4'
    const object = 'a/测 +1.mp4'
    const stored = await put(target)
    expect([stored.status, stored.json]).toEqual([
      201,
      { bucket: 'films-125', object, size: 10, etag: '"781e5e245d69b566979b86e28d23f2c7"' },
    ])
    const read = await get(target)
    expect(read.body).toEqual(content)
    expect(read.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '10',
      'accept-ranges': 'bytes',
      etag: '"781e5e245d69b566979b86e28d23f2c7"',
    })
    await put('/admin/objects/films-125/b.mp4', content, true)
    expect((await get('/admin/objects/films-125?prefix=a/')).json).toMatchObject({
      items: [{ object, size: 10, lastModified: expect.stringMatching(/Z$/) }],
      total: 1,
      page: 1,
      pageSize: 20,
    })
    expect((await remove(target)).status).toBe(204)
    expect((await get(target)).json).toEqual(refusal('ResourceNotFound'))
    const head = await api.admin({ method: 'HEAD', target: '/admin/objects/films-125/b.mp4' })
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, '10', ''])
  })

  test('a byte range of an object can be read', async () => {
    const target = '/admin/objects/films-125/range.mp4'
    const { headers } = await put(target)
    expect(headers['content-type']).toMatch(/json/)
    const read = (range: string, more = {}) =>
      api.admin({ method: 'GET', target, headers: { range, ...more } })
    for (const [range, text, contentRange] of [
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-2', '89', 'bytes 8-9/10'],
    ] as const) {
      const answer = await read(range)
      expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([206, text, contentRange])
    }
    const outside = await read('bytes=10-')
    expect([outside.status, outside.headers['content-range']]).toEqual([416, 'bytes */10'])
    expect(outside.json).toEqual(refusal('InvalidRange'))
    expect((await read('bytes=2-4', { 'if-range': '"another"' })).status).toBe(200)
  })

  test.each([
    ['film.txt', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42'), 'video/mp4'],
    ['still', Buffer.from('ffd8ffe000104a46494600010100', 'hex'), 'image/jpeg'],
    ['page.mp4', Buffer.from('<!doctype html><script>alert(1)</script>'), 'application/octet-stream'],
    [
      'drawing.mp4',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
      'application/octet-stream',
    ],
    ['paper.pdf', Buffer.from('%PDF-1.7\n'), 'application/octet-stream'],
    ['empty.mp4', Buffer.alloc(0), 'application/octet-stream'],
  ])(
    'the content of object %s decides its content type, and no script in it can run',
    async (name, body, type) => {
      const target = `/admin/objects/films-125/types/${name}`
      await put(target, body)
      const { headers, body: read } = await get(target)
      expect(read).toEqual(body)
      expect(headers).toMatchObject({
        'content-type': type,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'private, max-age=3600',
      })
    },
  )

  test('an object that is replaced gets the content type of its new content', async () => {
    const target = '/admin/objects/films-125/replaced'
    await put(target, Buffer.from('ffd8ffe000104a46494600010100', 'hex'))
    expect((await get(target)).headers['content-type']).toBe('image/jpeg')
    await put(target, '<script>')
    expect((await get(target)).headers['content-type']).toBe('application/octet-stream')
  })

  test('an unchanged object is not sent again, and refusals are not cached', async () => {
    const target = '/admin/objects/films-125/kept.mp4'
    await put(target)
    const { etag = '', 'last-modified': modified = '' } = (await get(target)).headers
    const ask = (headers: Record<string, string>) => api.admin({ method: 'GET', target, headers })
    const same = await ask({ 'if-none-match': String(etag) })
    expect([same.status, same.text, same.headers.etag]).toEqual([304, '', etag])
    expect((await ask({ 'if-none-match': '"another"' })).status).toBe(200)
    expect((await ask({ range: 'bytes=0-1', 'if-range': String(modified) })).status).toBe(206)
    const refused = await ask({ range: 'bytes=90-' })
    expect([refused.status, refused.headers['cache-control'], refused.headers.etag]).toEqual([
      416,
      'no-store',
      undefined,
    ])
  })

  test('a list says which libraries hold a video of each object, and names folders', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'stored objects')
    await put('/admin/objects/films-126/in/stored.mp4')
    await put('/admin/objects/films-126/in/new.mp4')
    const { videoId } = await addVideo(api.db, { dnaDbId, bucket: 'films-126', object: 'in/stored.mp4' })
    await addVideo(api.db, { dnaDbId, bucket: 'films-127', object: 'in/new.mp4' })
    expect((await get('/admin/objects/films-126?prefix=in/&delimiter=/')).json).toMatchObject({
      items: [
        { object: 'in/new.mp4', storedIn: [] },
        { object: 'in/stored.mp4', storedIn: [{ dnaDbId, videoId }] },
      ],
      prefixes: [],
    })
    expect((await get('/admin/objects/films-126?delimiter=/')).json).toMatchObject({
      items: [],
      prefixes: ['in/'],
      total: 0,
    })
    expect((await get('/admin/objects/films-126?delimiter=:')).status).toBe(400)
  })

  test.each([
    '/admin/objects/films-125/../../../etc/passwd',
    '/admin/objects/films-125/..%2F..%2Fetc%2Fpasswd',
    '/admin/objects/films-125/a/..%2F..%2Fother-1%2Fb',
    '/admin/objects/films-125/%2Fetc/passwd',
    '/admin/objects/films-125/a//b',
    '/admin/objects/films-125/a%5C..%5Cb',
    '/admin/objects/films-125/a%00.mp4',
    '/admin/objects/..%2Fx/a',
    '/admin/objects/../libraries/a',
    '/admin/objects/.hidden/a',
    `/admin/objects/films-125/${'a'.repeat(2000)}`,
  ])('the hostile path %s is refused', async (target) => {
    for (const answer of [await put(target), await get(target), await remove(target)]) {
      expect([answer.status, answer.json]).toEqual([400, refusal('InvalidArgument')])
    }
  })

  test('a large object is stored as it streams in, and an aborted upload leaves nothing', async () => {
    const large = Buffer.alloc(20 * 1024 * 1024, 7)
    expect((await put('/admin/objects/films-125/large.mp4', large)).json).toMatchObject({
      size: large.length,
    })
    await api
      .admin({
        method: 'PUT',
        target: '/admin/objects/films-125/broken.mp4',
        body: 'only this',
        headers: { 'content-length': 1_000_000, 'x-test': 'leaves early' },
        breakOff: true,
      })
      .catch(() => undefined)
    expect((await get('/admin/objects/films-125/broken.mp4')).status).toBe(404)
    expect(api.logged.filter((line) => line.includes('bug'))).toEqual([])
  })
})
