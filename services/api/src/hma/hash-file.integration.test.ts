import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '@kinoprint/media'
import { openObjectStore } from '@kinoprint/objects'
import { parseVpdqSignal } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import { type RunningWorker, startWorker } from '../../../worker/src/start-worker.ts'
import { DEFAULT_BUCKET, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { HASH_TIMEOUT_SECONDS } from './hash-file.ts'

const TOKEN = 'a-token-of-hma-clients-1234567890'
/** Larger than every file of these tests but one. */
const LIMIT_BYTES = 3_000_000
const SECONDS = 8

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-hma-'))
let api: RunningTestApi
let worker: RunningWorker
let files: Server
let url: string
/** Downloads that have begun and not ended. */
const open = new Set<ServerResponse>()

beforeAll(async () => {
  await renderFootage(join(folder, 'film.mp4'), { seed: 3, seconds: SECONDS })
  await ffmpeg('-i', join(folder, 'film.mp4'), '-vf', 'scale=480:-2', '-crf', '28', join(folder, 'copy.mp4'))
  await ffmpeg('-ss', '2.1', '-i', join(folder, 'film.mp4'), '-frames:v', '1', join(folder, 'still.png'))
  await ffmpeg('-i', join(folder, 'film.mp4'), '-vn', join(folder, 'sound.m4a'))
  writeFileSync(join(folder, 'text.mp4'), 'This is no video.')
  writeFileSync(join(folder, 'empty.mp4'), '')
  writeFileSync(join(folder, 'large.mp4'), Buffer.alloc(LIMIT_BYTES + 1))
  files = createServer(({ url: path = '' }, res) => {
    open.add(res)
    res.once('close', () => open.delete(res))
    serveFile(path.slice(1), res)
  })
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(files.address() as AddressInfo).port}`
  const objects = openObjectStore({ bucketsDir: join(folder, 'buckets'), maxObjectBytes: LIMIT_BYTES })
  api = await startTestApi(
    { hmaToken: TOKEN, inputUrlAllow: [{ kind: 'host', host: '127.0.0.1' }] },
    { objects },
  )
  const { db } = api
  worker = await startWorker({
    ...{ db, objects, log: api.options.log, queue: { pool: db.pool, postgres: true } },
    tools: await findFfmpeg({ inputFormats: ['mp4', 'pictures', 'sound'] }),
    ...{ thumbnailsDir: null, version: '0.0.0', concurrency: 2, maxVideoSeconds: 1800 },
  })
})
afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await api.close()
  files.closeAllConnections()
  files.close()
  rmSync(folder, { recursive: true, force: true })
})

function serveFile(name: string, res: ServerResponse): void {
  if (name === 'redirect') res.writeHead(302, { location: '/film.mp4' }).end()
  else if (name === 'inside') res.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()
  else if (name === 'slow.mp4') res.writeHead(200).write('the first bytes')
  else if (name === 'broken.mp4') {
    res.writeHead(200, { 'content-length': 1000 })
    res.write('the first bytes', () => res.destroy())
  } else if (name === 'chunked.mp4') {
    res.writeHead(200)
    res.write(Buffer.alloc(LIMIT_BYTES))
    res.end('and one more')
  } else if (['none.mp4', 'secret.mp4'].includes(name)) res.writeHead(name === 'none.mp4' ? 404 : 403).end()
  else res.end(readFileSync(join(folder, name)))
}

async function call(method: string, path: string, json?: unknown) {
  const body = json === undefined ? undefined : JSON.stringify(json)
  const { status, text } = await api.send({ method, target: `/hma/${TOKEN}${path}`, body })
  return { status, json: JSON.parse(text) as Record<string, unknown> }
}

function hash(name: string, more = '') {
  return call('GET', `/h/hash?url=${encodeURIComponent(`${url}/${name}`)}${more}`)
}

/** What is kept of requests: rows and files. */
async function kept(): Promise<unknown> {
  const { rows } = await api.db.pool.query('select count(*)::int as rows from hash_requests')
  const { total } = await api.options.objects.list(DEFAULT_BUCKET, { prefix: '.hashing/' })
  return [rows[0].rows, total]
}

test('a video behind an address is hashed as vPDQ, a picture as PDQ, and nothing is kept', async () => {
  const film = await hash('film.mp4')
  expect([film.status, Object.keys(film.json)]).toEqual([200, ['vpdq']])
  const frames = parseVpdqSignal(String(film.json.vpdq))
  expect(frames.length).toBe(SECONDS)
  expect(await hash('redirect', '&content_type=video&types=vpdq')).toEqual(film)
  const still = await hash('still.png', '&content_type=photo')
  expect(still).toEqual({ status: 200, json: { pdq: expect.stringMatching(/^[0-9a-f]{64}$/) } })
  // As the clients of HMA compare them.
  const copy = await hash('copy.mp4')
  const compared = await call('POST', '/m/compare', { vpdq: [film.json.vpdq, copy.json.vpdq] })
  expect(compared.json).toMatchObject({ vpdq: [true, { query_match_percent: 100 }] })
  expect(await kept()).toEqual([0, 0])
})

test('a file behind an address is added to a bank, and another copy of it is looked up by its address', async () => {
  await call('POST', '/c/banks', { name: 'FILMS' })
  await call('POST', '/c/banks', { name: 'OTHERS' })
  const of = (name: string) => `url=${encodeURIComponent(`${url}/${name}`)}`
  const added = await call('POST', `/c/bank/FILMS/content?${of('film.mp4')}`)
  expect(added).toEqual({
    status: 200,
    json: { id: expect.any(Number), signals: (await hash('film.mp4')).json },
  })
  const matches = { FILMS: [{ bank_content_id: added.json.id, distance: expect.stringMatching(/^100%/) }] }
  expect(await call('GET', `/m/lookup?${of('copy.mp4')}`)).toEqual({ status: 200, json: { vpdq: matches } })
  const lookUp = async (more: string) => (await call('GET', `/m/lookup?${of('copy.mp4')}${more}`)).json
  expect(await lookUp('&signal_type=vpdq')).toEqual(matches)
  expect(await lookUp('&signal_type=pdq')).toEqual({})
  expect(await lookUp('&banks=OTHERS')).toEqual({ vpdq: {} })

  const picture = await call('POST', `/c/bank/OTHERS/content?${of('still.png')}`)
  expect(picture.status).toBe(200)
  const found = await call('GET', `/m/lookup?${of('still.png')}&banks=OTHERS`)
  expect(found.json).toEqual({ pdq: { OTHERS: [{ bank_content_id: picture.json.id, distance: '0' }] } })
  // The whole fingerprint is stored, so that other searches find the video by its sound too.
  const { rows } = await api.db.pool.query('select has_audio, width from videos where duration_seconds > 1')
  expect(rows).toEqual([{ has_audio: true, width: 640 }])
  expect((await call('POST', `/c/bank/NONE/content?${of('film.mp4')}`)).status).toBe(404)
  expect(await kept()).toEqual([0, 0])
})

test.each([
  ['text.mp4', 400, /not a video|text/i],
  ['empty.mp4', 400, /empty|not a video/i],
  ['sound.m4a', 400, /no picture/],
  ['large.mp4', 413, /limit of 3\.0 MB/],
  ['chunked.mp4', 413, /limit of 3\.0 MB/],
  ['none.mp4', 400, /status 404/],
  ['secret.mp4', 400, /status 403/],
  ['broken.mp4', 400, /could not be downloaded/],
  ['inside', 400, /INPUT_URL_ALLOW/],
])('the file %s behind an address is refused with status %i', async (name, status, message) => {
  const answer = await hash(name)
  expect(answer).toEqual({ status, json: { message: expect.stringMatching(message) } })
  expect(await kept()).toEqual([0, 0])
})

test('an address of a private host, and wrong parameters, are refused before a file is read', async () => {
  for (const address of ['http://10.0.0.1/a.mp4', 'http://localhost/a.mp4', 'file:///etc/passwd', 'a.mp4']) {
    const { status, json } = await call('GET', `/h/hash?url=${encodeURIComponent(address)}`)
    expect([status, Object.keys(json)], address).toEqual([400, ['message']])
  }
  expect((await call('GET', '/h/hash')).json).toEqual({ message: 'url is required' })
  for (const more of ['&content_type=text', '&types=md5', '&types=vpdq,x', '&content_type=__proto__'])
    expect((await hash('none.mp4', more)).json.message, more).toMatch(/content_type|signal type/)
  expect((await hash('film.mp4', '&content_type=photo')).json.message).toMatch(/not a photo/)
  expect((await hash('film.mp4', '&types=pdq')).json.message).toMatch(/It has vpdq/)
  for (const path of ['/h/hash', '/c/bank/FILMS/content'])
    expect((await call('POST', path, {})).json).toEqual({
      message: 'Missing multipart/form-data file upload',
    })
  expect(await kept()).toEqual([0, 0])
})

/** Sends files in a form as clients of HMA do: the name of a field is the kind of its file. */
async function upload(path: string, files: Readonly<Record<string, string | Buffer>>) {
  const form = new FormData()
  for (const [field, file] of Object.entries(files)) {
    const bytes = typeof file === 'string' ? readFileSync(join(folder, file)) : file
    form.append(field, new Blob([new Uint8Array(bytes)]), typeof file === 'string' ? file : 'upload')
  }
  const answer = await fetch(`http://127.0.0.1:${api.port}/hma/${TOKEN}${path}`, {
    method: 'POST',
    body: form,
  })
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
}

test('an uploaded file is hashed, looked up and added as the same file behind an address', async () => {
  expect(await upload('/h/hash', { video: 'film.mp4' })).toEqual(await hash('film.mp4'))
  expect(await upload('/h/hash?types=pdq', { photo: 'still.png' })).toEqual(await hash('still.png'))
  await call('POST', '/c/banks', { name: 'UPLOADS' })
  const added = await upload('/c/bank/UPLOADS/content', { video: 'film.mp4' })
  expect(added).toEqual({
    status: 200,
    json: { id: expect.any(Number), signals: (await hash('film.mp4')).json },
  })
  const found = await upload('/m/lookup?banks=UPLOADS', { video: 'copy.mp4' })
  const matches = [{ bank_content_id: added.json.id, distance: expect.stringMatching(/^100%/) }]
  expect(found).toEqual({ status: 200, json: { vpdq: { UPLOADS: matches } } })
  expect(await kept()).toEqual([0, 0])
})

test('a wrong form is refused, and nothing of it is kept', async () => {
  const film = readFileSync(join(folder, 'film.mp4'))
  const refused: [Record<string, string | Buffer>, number, RegExp][] = [
    [{ text: 'text.mp4' }, 400, /no such content_type: 'text'/],
    [{ __proto__x: film }, 400, /no such content_type/],
    [{ photo: 'film.mp4' }, 400, /not a photo/],
    [{ video: 'film.mp4', photo: 'still.png' }, 400, /Only one file/],
    [{ video: 'text.mp4' }, 400, /not a video|text/i],
    [{ video: Buffer.alloc(0) }, 400, /empty|not a video/i],
    [{ video: 'large.mp4' }, 413, /limit of 3\.0 MB/],
    [{}, 400, /no file|could not be read/],
  ]
  for (const [form, status, message] of refused) {
    const answer = await upload('/h/hash', form)
    expect(answer, String(message)).toEqual({ status, json: { message: expect.stringMatching(message) } })
  }
  const raw = async (type: string, body: string) => {
    const headers = { 'content-type': type }
    const answer = await api.send({ method: 'POST', target: `/hma/${TOKEN}/h/hash`, headers, body })
    return [answer.status, JSON.parse(answer.text).message]
  }
  const part = '--b\r\ncontent-disposition: form-data; name="video"; filename="a.mp4"\r\n\r\nthe first bytes'
  expect(await raw('multipart/form-data', part)).toEqual([400, expect.stringMatching(/boundary/)])
  expect(await raw('multipart/form-data; boundary=b', part)).toEqual([
    400,
    expect.stringMatching(/could not be read/),
  ])
  expect(await raw('multipart/form-data; boundary=b', 'no form')).toEqual([
    400,
    expect.stringMatching(/could not be read|no file/),
  ])
  expect(await kept()).toEqual([0, 0])
})

/** Begins an upload that never ends. */
function beginUpload() {
  const client = request({
    ...{ host: '127.0.0.1', port: api.port, method: 'POST', path: `/hma/${TOKEN}/h/hash` },
    headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 100_000 },
  })
  client.on('error', () => undefined)
  client.write('--b\r\ncontent-disposition: form-data; name="video"; filename="a.mp4"\r\n\r\nthe first bytes')
  return client
}

test('an upload that its client breaks off leaves nothing behind', async () => {
  const client = beginUpload()
  await vi.waitFor(async () => expect(await kept()).toEqual([1, 0]), 20_000)
  client.destroy()
  await vi.waitFor(async () => expect(await kept()).toEqual([0, 0]), 20_000)
})

test('a file that arrives too slowly is given up after its time limit', async () => {
  const original = AbortSignal.timeout.bind(AbortSignal)
  const timeout = vi.spyOn(AbortSignal, 'timeout')
  timeout.mockImplementation((ms) => original(ms === 1000 * HASH_TIMEOUT_SECONDS ? 500 : ms))
  const answer = await hash('slow.mp4')
  const upload = beginUpload()
  const [uploadAnswer] = await once(upload, 'response')
  timeout.mockRestore()
  upload.destroy()
  const message = expect.stringContaining(`within ${HASH_TIMEOUT_SECONDS} s`)
  expect(answer).toEqual({ status: 503, json: { message } })
  expect(uploadAnswer.statusCode).toBe(503)
  await vi.waitFor(() => expect(open.size).toBe(0), 20_000)
  expect(await kept()).toEqual([0, 0])
})

test('a download ends when its client goes away', async () => {
  const target = `/hma/${TOKEN}/h/hash?url=${encodeURIComponent(`${url}/slow.mp4`)}`
  const client = request({ host: '127.0.0.1', port: api.port, path: target })
  client.on('error', () => undefined)
  client.end()
  await vi.waitFor(() => expect(open.size).toBe(1), 20_000)
  client.destroy()
  await vi.waitFor(() => expect(open.size).toBe(0), 20_000)
  await vi.waitFor(async () => expect(await kept()).toEqual([0, 0]), 20_000)
})

test('what a server that died left of its requests is removed', async () => {
  const { db } = api
  await api.options.objects.write(DEFAULT_BUCKET, '.hashing/h1', [Buffer.from('bytes')] as never)
  await db.pool.query(
    `insert into hash_requests (request_id, bucket, object, expires_at)
     values ('h1', $1, '.hashing/h1', now() - interval '1 minute')`,
    [DEFAULT_BUCKET],
  )
  await worker.close({ timeoutMs: 5_000 })
  worker = await startWorker({
    ...{ db, objects: api.options.objects, log: api.options.log, queue: { pool: db.pool, postgres: true } },
    ...{
      tools: await findFfmpeg(),
      thumbnailsDir: null,
      version: '0.0.0',
      concurrency: 1,
      maxVideoSeconds: 60,
    },
  })
  await vi.waitFor(async () => expect(await kept()).toEqual([0, 0]), 20_000)
})
