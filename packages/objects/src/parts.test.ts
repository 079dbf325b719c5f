import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, symlink, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ObjectStore } from './object-store.ts'
import { openObjectStore } from './open-object-store.ts'
import { newPartName } from './parts.ts'
import { type S3Server, startS3Server } from './testing/s3-server.ts'

const BUCKET = 'films-125'
let dir: string
let server: S3Server
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-parts-'))
  server = await startS3Server()
})
afterEach(async () => {
  await server.close()
  await rm(dir, { recursive: true })
})

function open(kind: 'folder' | 's3'): ObjectStore {
  const s3 = { endpoint: server.endpoint, region: 'local', accessKeyId: 'AK', secretAccessKey: 'SK' }
  const options = { bucketsDir: join(dir, 'buckets'), temporaryDir: dir, maxObjectBytes: 1000 }
  return openObjectStore(kind === 's3' ? { ...options, s3: { ...s3, forcePathStyle: true } } : options)
}

async function* chunksOf(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text)
}
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

describe.each(['folder', 's3'] as const)('parts of uploads in a %s store', (kind) => {
  test('a part is read back, is no object, and is removed', { tags: ['cos-s3'] }, async () => {
    const store = open(kind)
    const name = newPartName()
    expect(await store.parts.put(BUCKET, name, chunksOf('ab', 'c'))).toEqual({
      size: 3,
      etag: `"${md5('abc')}"`,
    })
    expect((await buffer(await store.parts.read(BUCKET, name))).toString()).toBe('abc')
    expect(await store.list(BUCKET, { delimiter: '/' })).toEqual({ items: [], total: 0, prefixes: [] })
    await store.parts.remove(BUCKET, name)
    await store.parts.remove(BUCKET, name)
    await expect(store.parts.read(BUCKET, name)).rejects.toMatchObject({ code: 'ResourceNotFound' })
    await store.close()
  })

  test('a part that is too large, cut off or damaged is not stored', async () => {
    const store = open(kind)
    for (const [options, code] of [
      [{ maxBytes: 2 }, 'ContentTooLarge'],
      [{ contentLength: 4 }, 'InvalidContent'],
      [{ md5: md5('other') }, 'BadDigest'],
    ] as const) {
      const name = newPartName()
      await expect(store.parts.put(BUCKET, name, chunksOf('abc'), options)).rejects.toMatchObject({ code })
      await expect(store.parts.read(BUCKET, name)).rejects.toMatchObject({ code: 'ResourceNotFound' })
    }
    await store.close()
  })

  test('a list after a name continues there', async () => {
    const store = open(kind)
    for (const object of ['a', 'b/1', 'b/2', 'c']) await store.write(BUCKET, object, chunksOf('x'))
    const names = async (after: string, pageSize: number) =>
      (await store.list(BUCKET, { after, pageSize })).items.map(({ object }) => object)
    expect(await names('', 2)).toEqual(['a', 'b/1'])
    expect(await names('b/1', 2)).toEqual(['b/2', 'c'])
    expect(await names('c', 2)).toEqual([])
    await store.close()
  })
})

test('the ETag of an object in parts is kept for other processes until the object changes', async () => {
  const store = open('folder')
  const etag = `"${md5('x')}-2"`
  expect(await store.write(BUCKET, 'a.mp4', chunksOf('abc'), { etag })).toEqual({ size: 3, etag })
  const other = open('folder')
  expect(await other.head(BUCKET, 'a.mp4')).toMatchObject({ etag })
  await other.sweepTemporaryFiles()
  const third = open('folder')
  expect(await third.head(BUCKET, 'a.mp4')).toMatchObject({ etag })
  await utimes(join(dir, 'buckets', BUCKET, 'a.mp4'), 1, 1)
  expect(await third.head(BUCKET, 'a.mp4')).toMatchObject({ etag: `"${md5('abc')}"` })
  await third.sweepTemporaryFiles()
  expect(await readdir(join(dir, 'buckets', '.etags'))).toEqual([])
})

test('parts are not written through a link', async () => {
  const store = open('folder')
  await store.write(BUCKET, 'a.mp4', chunksOf('abc'))
  await rm(join(dir, 'buckets', BUCKET, '.uploads'), { recursive: true })
  await symlink(tmpdir(), join(dir, 'buckets', BUCKET, '.uploads'))
  const put = store.parts.put(BUCKET, newPartName(), chunksOf('abc'))
  await expect(put).rejects.toMatchObject({ code: 'ServiceUnavailable' })
  await expect(store.parts.put(BUCKET, '../a.mp4', chunksOf('abc'))).rejects.toThrow('not the name of a part')
})
