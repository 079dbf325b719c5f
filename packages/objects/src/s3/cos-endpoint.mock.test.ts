import dns from 'node:dns'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openObjectStore } from '../open-object-store.ts'
import { type S3Server, startS3Server } from '../testing/s3-server.ts'

const REGION = 'ap-guangzhou'
const HOST = `cos.${REGION}.myqcloud.example`
const BUCKET = 'films-1250000000'
const NAMES = ['a/b.mp4', 'größe/影片 1+2&3.mp4', "it's (1)~!*.mp4", '100%.mp4']

let dir: string
let server: S3Server
const asked = new Set<string>()
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-cos-test-'))
  server = await startS3Server({ cos: { host: HOST, region: REGION, secretKey: 'SK' } })
  // All names of the stand-in lead to this machine, as those of COS lead to Tencent.
  vi.spyOn(dns, 'lookup').mockImplementation(((name: string, options: dns.LookupOptions, done: unknown) => {
    asked.add(name)
    const answer = done as (error: null, addresses: unknown, family?: number) => void
    if (options.all) answer(null, [{ address: '127.0.0.1', family: 4 }])
    else answer(null, '127.0.0.1', 4)
  }) as never)
})
afterAll(async () => {
  vi.restoreAllMocks()
  await server.close()
  await rm(dir, { recursive: true })
})

function open(changes: { region?: string; forcePathStyle?: boolean } = {}) {
  const endpoint = `http://${HOST}:${new URL(server.endpoint).port}`
  const keys = { accessKeyId: 'AK', secretAccessKey: 'SK' }
  const s3 = { endpoint, region: REGION, forcePathStyle: false, ...keys, ...changes }
  return openObjectStore({ bucketsDir: join(dir, 'unused'), temporaryDir: dir, s3 })
}

test('an endpoint of COS takes the bucket with its APPID in the host, and objects of any name', {
  tags: ['cos-endpoint'],
}, async () => {
  const store = open()
  await store.check()
  for (const object of NAMES) {
    await store.write(BUCKET, object, [Buffer.from('hello')] as never)
    expect(await store.head(BUCKET, object)).toMatchObject({ size: 5 })
    const { stream } = await store.read(BUCKET, object, { start: 1, end: 3 })
    expect((await buffer(stream)).toString()).toBe('ell')
    const file = await store.fetch(BUCKET, object)
    expect(await readFile(file.path, 'utf8')).toBe('hello')
    await file.release()
  }
  const { items, total } = await store.list(BUCKET)
  expect([items.map(({ object }) => object).sort(), total]).toEqual([[...NAMES].sort(), NAMES.length])
  expect((await store.list(BUCKET, { prefix: 'a/' })).total).toBe(1)
  for (const object of NAMES) await store.remove(BUCKET, object)
  expect(await store.exists(BUCKET, 'a/b.mp4')).toBe(false)
  expect([...asked].sort()).toEqual([HOST, `${BUCKET}.${HOST}`])
  await store.close()
})

test('a bucket in the path, which COS refuses, is an error that names the setting', {
  tags: ['cos-endpoint'],
}, async () => {
  const store = open({ forcePathStyle: true })
  await expect(store.list(BUCKET)).rejects.toMatchObject({
    code: 'ResourceAccessDenied',
    message: expect.stringContaining('S3_FORCE_PATH_STYLE=off'),
  })
  // The answer to HEAD has no body that would say why.
  await expect(store.fetch(BUCKET, 'a.mp4')).rejects.toMatchObject({ code: 'ResourceAccessDenied' })
  await store.close()
})

test('another region than that of the bucket, and a bucket without APPID, are refused', async () => {
  const elsewhere = open({ region: 'us-east-1' })
  await expect(elsewhere.fetch(BUCKET, 'a.mp4')).rejects.toMatchObject({ code: 'ResourceAccessDenied' })
  await elsewhere.close()
  const store = open()
  await expect(store.fetch('films', 'a.mp4')).rejects.toMatchObject({
    code: expect.stringMatching(/^Res|^Inv/),
  })
  await store.close()
})
