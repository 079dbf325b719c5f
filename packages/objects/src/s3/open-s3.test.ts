import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ObjectStore } from '../object-store.ts'
import { openObjectStore } from '../open-object-store.ts'
import { type S3Server, startS3Server } from '../testing/s3-server.ts'

let dir: string
let server: S3Server
let store: ObjectStore
const BUCKET = 'films-125'

function open(endpoint: string, limits: { maxObjectBytes?: number } = {}): ObjectStore {
  return openObjectStore({
    ...limits,
    bucketsDir: join(dir, 'unused'),
    temporaryDir: dir,
    s3: { endpoint, region: 'local', accessKeyId: 'AK', secretAccessKey: 'SK', forcePathStyle: true },
  })
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-s3-test-'))
  server = await startS3Server()
  store = open(server.endpoint)
})
afterEach(async () => {
  await store.close()
  await server.close()
  await rm(dir, { recursive: true })
})

function put(object: string, text: string) {
  return store.write(BUCKET, object, chunksOf(text))
}
async function* chunksOf(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text)
}
function md5(text: string): string {
  return `"${createHash('md5').update(text).digest('hex')}"`
}
function code(expected: string) {
  return expect.objectContaining({ code: expected })
}
async function temporaryFiles(): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

test('a written object is read back under names with any characters', async () => {
  for (const object of ['a/b.mp4', 'a//b.mp4', 'a/', 'größe/影片 1+2&3.mp4', '%2e%2e/x.mp4']) {
    expect(await put(object, 'hello')).toEqual({ size: 5, etag: md5('hello') })
    expect(await store.head(BUCKET, object)).toMatchObject({ size: 5, etag: md5('hello') })
    const { stream, range } = await store.read(BUCKET, object)
    expect((await buffer(stream)).toString()).toBe('hello')
    expect(range).toEqual({ start: 0, end: 4 })
  }
  expect(await temporaryFiles()).toEqual([])
})

test('fetch copies to a temporary file that release removes', async () => {
  await put('a.mp4', 'hello')
  const file = await store.fetch(BUCKET, 'a.mp4')
  expect(await readFile(file.path, 'utf8')).toBe('hello')
  expect(file).toMatchObject({ size: 5, etag: md5('hello') })
  await file.release()
  await file.release()
  expect(existsSync(file.path)).toBe(false)
})

test('an interrupted download resumes where it stopped', async () => {
  const text = 'x'.repeat(100_000) + 'y'.repeat(100_000)
  await put('a.mp4', text)
  server.cutNext = [70_000, 70_000]
  const file = await store.fetch(BUCKET, 'a.mp4')
  expect(await readFile(file.path, 'utf8')).toBe(text)
  await file.release()
})

test('a download that keeps failing is reported as such and leaves no file', {
  tags: ['s3-breaks'],
}, async () => {
  await put('a.mp4', 'hello')
  server.cutNext = [0, 0, 0, 0, 0, 0, 0, 0]
  await expect(store.fetch(BUCKET, 'a.mp4')).rejects.toThrow(code('ResourceDownloadFailed'))
  expect(await temporaryFiles()).toEqual([])
})

test('a download does not mix two versions of an object', async () => {
  await put('a.mp4', 'old '.repeat(50_000))
  server.cutNext = [70_000]
  const fetching = store.fetch(BUCKET, 'a.mp4')
  await expect.poll(() => server.cutNext.length).toBe(0)
  server.objects.set(`${BUCKET}/a.mp4`, { body: Buffer.from('new '.repeat(50_000)), at: new Date() })
  await expect(fetching).rejects.toThrow(code('ResourceDownloadFailed'))
  expect(await temporaryFiles()).toEqual([])
})

test('an object over the limit is refused before it is copied', async () => {
  await put('a.mp4', 'hello')
  server.requests.length = 0
  await expect(store.fetch(BUCKET, 'a.mp4', { maxBytes: 4 })).rejects.toThrow(code('ResourceNotSupported'))
  expect(server.requests).toEqual([`HEAD /${BUCKET}/a.mp4`])
})

test('an object of 10 TB is refused by its announced size, with or without a limit, before it is downloaded', {
  tags: ['object-size'],
}, async () => {
  await put('a.mp4', 'hello')
  server.announced.set(`${BUCKET}/a.mp4`, 10e12)
  server.requests.length = 0
  const limited = open(server.endpoint, { maxObjectBytes: 20e9 })
  const message = 'Object a.mp4 is 10.0 TB; at most 20.0 GB are supported.'
  await expect(limited.fetch(BUCKET, 'a.mp4')).rejects.toThrow(message)
  await limited.close()
  // Without a limit: no disk can hold it, so retrying is pointless.
  await expect(store.fetch(BUCKET, 'a.mp4')).rejects.toThrow(code('ResourceNotSupported'))
  expect(server.requests).toEqual([`HEAD /${BUCKET}/a.mp4`, `HEAD /${BUCKET}/a.mp4`])
  expect(await temporaryFiles()).toEqual([])
})

test('a download without enough free disk space does not start', { tags: ['disk-space'] }, async () => {
  await put('a.mp4', 'hello')
  const { blocks, bsize } = await statfs(dir)
  // As much as the disk may hold: more than is free, also on a disk that is nearly empty.
  server.announced.set(`${BUCKET}/a.mp4`, Math.floor(0.95 * blocks * bsize) - 1)
  server.requests.length = 0
  await expect(store.fetch(BUCKET, 'a.mp4')).rejects.toThrow(code('ServiceUnavailable'))
  expect(server.requests).toEqual([`HEAD /${BUCKET}/a.mp4`])
})

test('bytes beyond the announced size are not written, and the download is not retried', async () => {
  await put('a.mp4', 'hello'.repeat(1000))
  server.announced.set(`${BUCKET}/a.mp4`, 5)
  server.requests.length = 0
  await expect(store.fetch(BUCKET, 'a.mp4')).rejects.toThrow(code('ResourceDownloadFailed'))
  expect(server.requests).toEqual([`HEAD /${BUCKET}/a.mp4`, `GET /${BUCKET}/a.mp4`])
  expect(await temporaryFiles()).toEqual([])
})

test('the size of an object is known without downloading it', async () => {
  await put('a.mp4', 'hello')
  server.requests.length = 0
  expect(await store.sizeOf(BUCKET, 'a.mp4')).toBe(5)
  expect(server.requests).toEqual([`HEAD /${BUCKET}/a.mp4`])
})

test('ranges are passed to the server', async () => {
  await put('a.mp4', '0123456789')
  const { stream, range, size } = await store.read(BUCKET, 'a.mp4', { start: 2, end: 4 })
  expect((await buffer(stream)).toString()).toBe('234')
  expect({ range, size }).toEqual({ range: { start: 2, end: 4 }, size: 10 })
  await expect(store.read(BUCKET, 'a.mp4', { start: 10 })).rejects.toThrow(code('InvalidRange'))
})

test('errors of the server become the matching faults', { tags: ['s3-refusals'] }, async () => {
  await expect(store.head(BUCKET, 'no.mp4')).rejects.toThrow(code('ResourceNotFound'))
  await expect(store.fetch(BUCKET, 'no.mp4')).rejects.toThrow(code('ResourceNotFound'))
  await expect(store.remove(BUCKET, 'no.mp4')).rejects.toThrow(code('ResourceNotFound'))
  await expect(store.fetch('absent-1', 'a.mp4')).rejects.toThrow(code('ResourceNotFound'))
  await expect(store.fetch(BUCKET, 'forbidden/a.mp4')).rejects.toThrow(code('ResourceAccessDenied'))
  await expect(store.head(BUCKET, '../a.mp4')).rejects.toThrow(code('InvalidArgument'))
})

test('an unreachable server fails the download and the check', async () => {
  const other = open('http://127.0.0.1:9')
  await expect(other.fetch(BUCKET, 'a.mp4')).rejects.toThrow(code('ResourceDownloadFailed'))
  await expect(other.check()).rejects.toThrow(code('ServiceUnavailable'))
  await expect(store.check()).resolves.toBeUndefined()
  await other.close()
})

test('an abort stops a download', async () => {
  await put('a.mp4', 'hello')
  const stop = new AbortController()
  server.cutNext = [0, 0, 0, 0]
  const isAsked = () => server.requests.includes(`GET /${BUCKET}/a.mp4`)
  const fetching = store.fetch(BUCKET, 'a.mp4', { signal: stop.signal })
  const outcome = expect(fetching).rejects.toThrow(code('Cancelled'))
  await expect.poll(isAsked, { interval: 1 }).toBe(true)
  stop.abort()
  await outcome
  expect(await temporaryFiles()).toEqual([])
})

test('an upload is retried after a server error', async () => {
  server.failNext = [503]
  expect(await put('a.mp4', 'hello')).toEqual({ size: 5, etag: md5('hello') })
  const short = store.write(BUCKET, 'b.mp4', chunksOf('hello'), { contentLength: 9 })
  await expect(short).rejects.toThrow(code('InvalidContent'))
  expect(server.objects.has(`${BUCKET}/b.mp4`)).toBe(false)
  expect(await temporaryFiles()).toEqual([])
})

test('objects are listed across the pages of the server, with their total', async () => {
  server.pageSize = 2
  for (const name of ['a/1.mp4', 'a/2.mp4', 'a/3.mp4', 'b&c.mp4', 'c.mp4']) await put(name, name)
  const all = await store.list(BUCKET)
  expect(all.items.map(({ object }) => object)).toEqual(['a/1.mp4', 'a/2.mp4', 'a/3.mp4', 'b&c.mp4', 'c.mp4'])
  expect(all.items[0]).toMatchObject({ size: 7, etag: md5('a/1.mp4') })
  const page = await store.list(BUCKET, { prefix: 'a/', page: 2, pageSize: 2 })
  expect(page.total).toBe(3)
  expect(page.items.map(({ object }) => object)).toEqual(['a/3.mp4'])
})

test('a list with a delimiter names the folders once, and only the objects beside them', async () => {
  server.pageSize = 2
  for (const name of ['a/1.mp4', 'a/2.mp4', 'a/b/3.mp4', 'c.mp4', 'd/1.mp4']) await put(name, name)
  const top = await store.list(BUCKET, { delimiter: '/' })
  expect([top.prefixes, top.total, top.items.map(({ object }) => object)]).toEqual([
    ['a/', 'd/'],
    1,
    ['c.mp4'],
  ])
  const inside = await store.list(BUCKET, { prefix: 'a/', delimiter: '/' })
  expect([inside.prefixes, inside.items.map(({ object }) => object)]).toEqual([
    ['a/b/'],
    ['a/1.mp4', 'a/2.mp4'],
  ])
})
