import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import COS2 from 'cos-sdk-2'
import COS3 from 'cos-sdk-3'
import { JSDOM, VirtualConsole } from 'jsdom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { renderFootage } from '../footage.ts'
import { type CompatHarness, openCompatHarness } from './compat-harness.ts'
import { exchange, textOf } from './raw-http.ts'
import { releases, SDK_BUCKET, SDK_REGION } from './sdk.ts'
import { authorizationOf, type Pair } from './sign.ts'

const PAGE = 'http://app.example.test'
const COS_HOST = `${SDK_BUCKET}.cos.${SDK_REGION}.myqcloud.com`
const WHERE = { Bucket: SDK_BUCKET, Region: SDK_REGION }

let harness: CompatHarness
let library: string
const folder = mkdtempSync(join(tmpdir(), 'kinoprint-cos-'))
const film = join(folder, 'film.mp4')
beforeAll(async () => {
  harness = await openCompatHarness({ CORS_ORIGINS: PAGE })
  library = await harness.library()
  await renderFootage(film, { seed: 81, seconds: 4, width: 320, height: 180 })
})
afterAll(async () => {
  await harness.close()
  rmSync(folder, { recursive: true, force: true })
})

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

async function stored(object: string): Promise<string> {
  const body = jobXml({ rule: 'GetFingerPrint', library, object })
  const made = await harness.raw({ method: 'POST', path: '/jobs', body })
  return (await harness.admin.ended(textOf(made, 'JobId'))).State
}

/** Only what these tests call. The types of the two releases differ. */
type Cos = Record<
  | 'putObject'
  | 'headObject'
  | 'getObject'
  | 'getBucket'
  | 'sliceUploadFile'
  | 'multipartList'
  | 'multipartInit'
  | 'multipartAbort'
  | 'deleteObject',
  (options: object) => Promise<Readonly<Record<string, unknown>>>
>

describe.each(releases)('SDK %s', (release) => {
  let cos: Cos
  beforeAll(() => {
    const { secretId, secretKey } = harness.key
    const given = {
      SecretId: secretId,
      SecretKey: secretKey,
      Protocol: 'http:',
      Ip: new URL(harness.url).host,
    }
    const options = given as ConstructorParameters<typeof COS3>[0]
    cos = (release === '3.0.0' ? new COS3(options) : new COS2(options)) as unknown as Cos
  })

  test('uploads, reads, lists and deletes objects, and submits an uploaded one', {
    tags: ['cos-sdk'],
  }, async () => {
    const Key = `${release}/测试 film+1.mp4`
    const bytes = readFileSync(film)
    const put = await cos.putObject({
      ...WHERE,
      Key,
      Body: bytes,
      ContentMD5: Buffer.from(md5(bytes), 'hex').toString('base64'),
    })
    expect(put).toMatchObject({ statusCode: 200, ETag: `"${md5(bytes)}"` })
    expect(await stored(Key)).toBe('Success')

    const head = await cos.headObject({ ...WHERE, Key })
    expect(head).toMatchObject({
      ETag: `"${md5(bytes)}"`,
      headers: { 'content-length': String(bytes.length) },
    })
    const part = await cos.getObject({ ...WHERE, Key, Range: 'bytes=4-7' })
    expect(String(part.Body)).toBe('ftyp')
    await expect(cos.headObject({ ...WHERE, Key: 'none' })).rejects.toMatchObject({ statusCode: 404 })
    await expect(cos.getObject({ ...WHERE, Key: 'none' })).rejects.toMatchObject({ code: 'NoSuchKey' })

    const listed = await cos.getBucket({ ...WHERE, Prefix: `${release}/`, Delimiter: '/' })
    expect(listed).toMatchObject({ IsTruncated: 'false', Contents: [{ Key, Size: String(bytes.length) }] })
    const roots = await cos.getBucket({ ...WHERE, Delimiter: '/' })
    expect(roots.CommonPrefixes).toContainEqual({ Prefix: `${release}/` })
    expect(await cos.deleteObject({ ...WHERE, Key })).toMatchObject({ statusCode: 204 })
  })

  test('uploads a file in parts of 1 MB, and aborts an upload', { tags: ['cos-sdk-parts'] }, async () => {
    const Key = `${release}/large.bin`
    const bytes = randomBytes(3 * 1024 * 1024 + 17)
    const FilePath = join(folder, `${release}.bin`)
    writeFileSync(FilePath, bytes)
    const sent = await cos.sliceUploadFile({
      ...WHERE,
      Key,
      FilePath,
      ChunkSize: 1024 * 1024,
      SliceSize: 1024,
    })
    expect(sent.ETag).toMatch(/^"[0-9a-f]{32}-4"$/)
    const read = await cos.getObject({ ...WHERE, Key })
    expect(md5(read.Body as Buffer)).toBe(md5(bytes))
    expect(read.ETag).toBe(sent.ETag)

    const { UploadId } = await cos.multipartInit({ ...WHERE, Key })
    expect((await cos.multipartList({ ...WHERE, Prefix: Key })).Upload).toMatchObject([{ Key, UploadId }])
    await cos.multipartAbort({ ...WHERE, Key, UploadId })
    expect((await cos.multipartList({ ...WHERE, Prefix: Key })).Upload).toEqual([])
  })
})

test('the browser SDK uploads and reads an object from a page of an allowed origin', {
  tags: ['cos-browser'],
}, async () => {
  const virtualConsole = new VirtualConsole()
  const { window } = new JSDOM('', { url: `${PAGE}/`, runScripts: 'outside-only', virtualConsole })
  const sdk = createRequire(import.meta.url).resolve('cos-js-sdk-v5/dist/cos-js-sdk-v5.js')
  window.eval(readFileSync(sdk, 'utf8'))
  const { secretId, secretKey } = harness.key
  const Browser = window.COS as new (options: object) => Pick<Cos, 'putObject' | 'getObject'>
  const cos = new Browser({
    SecretId: secretId,
    SecretKey: secretKey,
    Protocol: 'http:',
    Domain: new URL(harness.url).host,
  })
  const put = await cos.putObject({ ...WHERE, Key: 'browser.txt', Body: 'from a page' })
  expect(put, JSON.stringify(put)).toMatchObject({
    statusCode: 200,
    ETag: `"${md5(Buffer.from('from a page'))}"`,
  })
  expect(await cos.getObject({ ...WHERE, Key: 'browser.txt' })).toMatchObject({ Body: 'from a page' })
})

/** Requests as the SDKs send them, with their own headers, to the official host. */
describe('hand-written clients', () => {
  type Sent = { readonly query?: readonly Pair[]; readonly body?: string; readonly more?: readonly Pair[] }
  const send = (
    method: string,
    path: string,
    { query = [], body, more = [] }: Sent,
    signed: readonly Pair[],
  ) => {
    const search = query.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&')
    const headers: readonly Pair[] = [['Host', COS_HOST], ...signed]
    const key = harness.key
    const authorization = authorizationOf({ method, path, params: query, headers, key, lifeSeconds: 3600 })
    return exchange(harness.url, {
      method,
      target: search === '' ? path : `${path}?${search}`,
      headers: [...headers, ['Authorization', authorization], ...more],
      body,
    })
  }

  test('the Go SDK gets the CRC-64 of what it sent', { tags: ['cos-go'] }, async () => {
    const body = '123456789'
    const length: Pair = ['Content-Length', '9']
    const more: readonly Pair[] = [['User-Agent', 'cos-go-sdk-v5/0.7.75']]
    const put = await send('PUT', '/go.txt', { body, more }, [length])
    expect([put.status, put.headers.get('x-cos-hash-crc64ecma')]).toEqual([200, '11051210869376104954'])
    const begun = await send('POST', '/go.bin', { query: [['uploads', '']], body: '', more }, [
      ['Content-Length', '0'],
    ])
    const query: readonly Pair[] = [
      ['partNumber', '1'],
      ['uploadId', textOf(begun, 'UploadId')],
    ]
    const part = await send('PUT', '/go.bin', { query, body, more }, [length])
    expect(part.headers.get('x-cos-hash-crc64ecma')).toBe('11051210869376104954')
    const list = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.get('etag')}</ETag></Part></CompleteMultipartUpload>`
    const done = await send('POST', '/go.bin', { query: query.slice(1), body: list, more }, [
      ['Content-Length', String(list.length)],
    ])
    expect(done.headers.get('x-cos-hash-crc64ecma')).toBe('11051210869376104954')
  })

  test('the Python SDK lists with encoded names and unsigned headers', { tags: ['cos-python'] }, async () => {
    const more: readonly Pair[] = [
      ['User-Agent', 'cos-python-sdk-v5.1.9.41'],
      ['Accept', '*/*'],
    ]
    await send(
      'PUT',
      '/py/a b.txt'.replace(' ', '%20'),
      { body: 'x', more: [...more, ['Content-Length', '1']] },
      [],
    )
    const query: readonly Pair[] = [
      ['encoding-type', 'url'],
      ['prefix', 'py/'],
    ]
    const listed = await send('GET', '/', { query, more }, [])
    expect([listed.status, textOf(listed, 'Key')]).toEqual([200, 'py/a%20b.txt'])
  })

  test('the Java SDK uploads with its Content-Type, Date and client headers unsigned', {
    tags: ['cos-java'],
  }, async () => {
    const more: readonly Pair[] = [
      ['User-Agent', 'cos-java-sdk-v5.6'],
      ['Content-Type', 'video/mp4'],
      ['Date', new Date().toUTCString()],
      ['Content-Length', '1'],
      ['Expect', '100-continue'],
    ]
    expect((await send('PUT', '/java.bin', { body: 'x', more }, [])).status).toBe(200)
  })
})
