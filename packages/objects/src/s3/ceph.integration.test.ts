import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { S3 } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CephServer, startCeph } from '../../../../tests/ceph.ts'
import type { ObjectStore } from '../object-store.ts'
import { openObjectStore } from '../open-object-store.ts'
import { newPartName } from '../parts.ts'

const BUCKET = 'films-125'
const MIB = 1024 ** 2
let ceph: CephServer
let folder: string
let objects: ObjectStore
let s3: S3

beforeAll(async () => {
  ceph = await startCeph()
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-ceph-test-'))
  const { endpoint, accessKeyId, secretAccessKey } = ceph
  const keys = { accessKeyId, secretAccessKey }
  objects = openObjectStore({
    bucketsDir: join(folder, 'unused'),
    temporaryDir: folder,
    minRangedBytes: MIB,
    maxPutBytes: 5 * MIB,
    s3: { endpoint, region: 'us-east-1', ...keys, forcePathStyle: true },
  })
  s3 = new S3({ endpoint, region: 'us-east-1', credentials: keys, forcePathStyle: true })
  await s3.createBucket({ Bucket: BUCKET })
})
afterAll(async () => {
  await objects?.close()
  s3?.destroy()
  await ceph?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

async function* chunksOf(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += 100_000) yield body.subarray(at, at + 100_000)
}
function md5(body: Buffer): string {
  return createHash('md5').update(body).digest('hex')
}

test('Ceph stores, lists, reads by ranges and deletes objects under names with any characters', {
  tags: ['ceph'],
}, async () => {
  const body = Buffer.from('0123456789')
  const names = ['a/b.mp4', 'a//b.mp4', 'größe/影片 1+2&3 %41.mp4', 'quote\'"?#.mp4']
  for (const name of names)
    expect(await objects.write(BUCKET, name, chunksOf(body))).toEqual({ size: 10, etag: `"${md5(body)}"` })
  const { items, total } = await objects.list(BUCKET)
  expect(items.map(({ object }) => object)).toEqual(
    [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  )
  expect(total).toBe(names.length)
  expect((await objects.list(BUCKET, { delimiter: '/' })).prefixes).toEqual(['a/', 'größe/'])
  for (const name of names) {
    expect(await objects.head(BUCKET, name)).toMatchObject({ size: 10, etag: `"${md5(body)}"` })
    const { stream, range, size } = await objects.read(BUCKET, name, { start: 2, end: 4 })
    expect([(await buffer(stream)).toString(), range, size]).toEqual(['234', { start: 2, end: 4 }, 10])
    await expect(objects.read(BUCKET, name, { start: 10 })).rejects.toMatchObject({ code: 'InvalidRange' })
    await objects.remove(BUCKET, name)
    await expect(objects.head(BUCKET, name)).rejects.toMatchObject({ code: 'ResourceNotFound' })
  }
  await expect(objects.head('absent-125', 'a.mp4')).rejects.toMatchObject({ code: 'ResourceNotFound' })
  await objects.check()
})

test('Ceph takes a large object in parts, and gives back the parts that are read', {
  tags: ['ceph'],
}, async () => {
  const body = randomBytes(11 * MIB + 7)
  const { etag, size } = await objects.write(BUCKET, 'large.mp4', chunksOf(body))
  expect(size).toBe(body.length)
  expect(etag).toMatch(/^"[0-9a-f]{32}-3"$/)
  const file = await objects.fetch(BUCKET, 'large.mp4')
  expect((await readFile(file.path)).equals(body)).toBe(true)
  await file.release()
  const part = await objects.readParts(BUCKET, 'large.mp4', {
    use: async ({ path }) => {
      const { origin, username, password } = new URL(path)
      const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
      const headers = { 'Proxy-Authorization': authorization, Range: `bytes=${6 * MIB}-${7 * MIB}` }
      return Buffer.from(await (await fetch(origin, { headers })).arrayBuffer())
    },
  })
  expect(part.equals(body.subarray(6 * MIB, 7 * MIB + 1))).toBe(true)
  const opened = await objects.open(BUCKET, 'large.mp4')
  const path = await opened.read(async () => undefined)
  expect((await readFile(path)).equals(body)).toBe(true)
  await opened.release()
})

test('an upload in parts that Ceph refuses is aborted, and leaves no part', { tags: ['ceph'] }, async () => {
  // Parts of less than 5 MiB are refused when the upload is completed.
  const small = openObjectStore({
    bucketsDir: join(folder, 'unused'),
    temporaryDir: folder,
    maxPutBytes: MIB,
    s3: {
      endpoint: ceph.endpoint,
      region: 'us-east-1',
      accessKeyId: 'AK',
      secretAccessKey: 'SK',
      forcePathStyle: true,
    },
  })
  await expect(small.write(BUCKET, 'refused.mp4', chunksOf(randomBytes(3 * MIB)))).rejects.toThrow()
  await small.close()
  expect((await s3.listMultipartUploads({ Bucket: BUCKET })).Uploads ?? []).toEqual([])
  await expect(objects.head(BUCKET, 'refused.mp4')).rejects.toMatchObject({ code: 'ResourceNotFound' })
})

test('Ceph keeps the parts of uploads through the COS API, and refuses a wrong key', {
  tags: ['ceph'],
}, async () => {
  const name = newPartName()
  const body = Buffer.from('part')
  await objects.parts.put(BUCKET, name, chunksOf(body))
  expect(await buffer(await objects.parts.read(BUCKET, name))).toEqual(body)
  await objects.parts.remove(BUCKET, name)
  await expect(objects.parts.read(BUCKET, name)).rejects.toMatchObject({ code: 'ResourceNotFound' })
  const wrong = openObjectStore({
    bucketsDir: join(folder, 'unused'),
    s3: {
      endpoint: ceph.endpoint,
      region: 'us-east-1',
      accessKeyId: 'AK',
      secretAccessKey: 'no',
      forcePathStyle: true,
    },
  })
  await expect(wrong.fetch(BUCKET, 'large.mp4')).rejects.toMatchObject({ code: 'ResourceAccessDenied' })
  await wrong.close()
})
