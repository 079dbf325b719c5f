import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createKey } from '@kinoprint/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_BUCKET, type Key, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { tag } from '../testing/send-request.ts'

const BUCKET = 'films-125'
const HOST = `${BUCKET}.cos.ap-chongqing.myqcloud.com`
let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

type Call = { body?: string; headers?: Record<string, string>; key?: Key }
function call(method: string, target: string, { body, headers = {}, key }: Call = {}) {
  return api.signed({ method, target, body, headers: { host: HOST, ...headers }, ...(key && { key }) })
}
const md5 = (text: string | Buffer) => createHash('md5').update(text).digest('hex')
const md5OfMd5s = (...texts: string[]) => md5(Buffer.from(texts.map(md5).join(''), 'hex'))
const keysIn = (text: string) => [...text.matchAll(/<Key>([^<]*)</g)].map(([, name]) => name)

function newKey(policy: Partial<Parameters<typeof createKey>[1]>): Promise<Key> {
  return createKey(api.db, { encryptionKey: Buffer.alloc(32, 7), name: 'limited', ...policy })
}

describe('objects', () => {
  test('an object is written, read whole and in part, described and deleted', {
    tags: ['cos-objects'],
  }, async () => {
    const put = await call('PUT', '/in/a%20film%2B1.mp4', { body: '0123456789' })
    expect([put.status, put.text, put.headers.etag]).toEqual([200, '', `"${md5('0123456789')}"`])
    expect(put.headers['x-cos-hash-crc64ecma']).toMatch(/^\d+$/)
    const whole = await call('GET', '/in/a%20film%2B1.mp4')
    expect([whole.status, whole.text, whole.headers['accept-ranges']]).toEqual([200, '0123456789', 'bytes'])
    expect(whole.headers['content-security-policy']).toBe("default-src 'none'; sandbox")
    const part = await call('GET', '/in/a%20film%2B1.mp4', { headers: { range: 'bytes=2-4' } })
    expect([part.status, part.text, part.headers['content-range']]).toEqual([206, '234', 'bytes 2-4/10'])
    const beyond = await call('GET', '/in/a%20film%2B1.mp4', { headers: { range: 'bytes=10-' } })
    expect([beyond.status, tag('Code', beyond.text)]).toEqual([416, 'InvalidRange'])
    const head = await call('HEAD', '/in/a%20film%2B1.mp4')
    expect([head.status, head.text, head.headers['content-length'], head.headers.etag]).toEqual([
      ...[200, '', '10', put.headers.etag],
    ])
    expect((await api.objects.head(BUCKET, 'in/a film+1.mp4')).size).toBe(10)
    for (let n = 0; n < 2; n++) expect((await call('DELETE', '/in/a%20film%2B1.mp4')).status).toBe(204)
    const { rows } = await api.db.pool.query(
      `select actor_kind, actor_name from audit_log where action = 'deleteObject' and subject like '%/in/a film+1.mp4'`,
    )
    expect(rows).toEqual([{ actor_kind: 'key', actor_name: 'everything' }])
    const gone = await call('GET', '/in/a%20film%2B1.mp4')
    expect([gone.status, tag('Code', gone.text)]).toEqual([404, 'NoSuchKey'])
    expect((await call('HEAD', '/in/a%20film%2B1.mp4')).status).toBe(404)
  })

  test('the bucket comes from the host, the path or the key', { tags: ['cos-target'] }, async () => {
    const host = `127.0.0.1:${api.port}`
    await call('PUT', '/target.txt', { body: 'of the host' })
    await call('PUT', '/music-125/target.txt', { body: 'of the path', headers: { host } })
    await call('PUT', '/target.txt', { body: 'of the key', headers: { host } })
    for (const [bucket, text] of [
      [BUCKET, 'of the host'],
      ['music-125', 'of the path'],
      [DEFAULT_BUCKET, 'of the key'],
    ] as const) {
      const { stream } = await api.objects.read(bucket, 'target.txt')
      expect(String(await stream.toArray())).toBe(text)
    }
    // On the host of a bucket, every path is an object. On the host of jobs, none is.
    expect((await call('PUT', '/admin/libraries', { body: 'x' })).status).toBe(200)
    const media = await call('PUT', '/target.txt', {
      body: 'x',
      headers: { host: `${BUCKET}.ci.x.myqcloud.com` },
    })
    expect([media.status, tag('Code', media.text)]).toEqual([404, 'InvalidUrl'])
    const unsigned = await api.send({ method: 'GET', target: '/target.txt', headers: { host: HOST } })
    expect([unsigned.status, tag('Code', unsigned.text)]).toEqual([401, 'MissingAuthorization'])
  })

  test('a damaged, cut or too long body stores nothing', { tags: ['cos-digest'] }, async () => {
    const put = (headers: Record<string, string>) => call('PUT', '/damaged', { body: 'abc', headers })
    for (const value of [Buffer.from(md5('abd'), 'hex').toString('base64'), 'no MD5'])
      expect(tag('Code', (await put({ 'content-md5': value })).text)).toBe('BadDigest')
    const copy = await put({ 'x-cos-copy-source': `${BUCKET}.cos.x.myqcloud.com/a` })
    expect([copy.status, tag('Code', copy.text)]).toEqual([404, 'InvalidUrl'])
    expect((await call('HEAD', '/damaged')).status).toBe(404)
    const right = Buffer.from(md5('abc'), 'hex').toString('base64')
    expect((await put({ 'content-md5': right })).status).toBe(200)
  })

  test('no name leads out of its bucket', { tags: ['cos-names'] }, async () => {
    const folder = dirname(api.thumbnailsDir)
    const before = (await readdir(folder)).sort()
    for (const target of [
      ...['/../escaped', '/a/../../escaped', '/%2e%2e/escaped', '/a/%2e%2e/%2e%2e/escaped', '/..%2fescaped'],
      ...[
        '/%2Fetc/passwd',
        '/a%5C..%5Cescaped',
        '/a%00b',
        '/%ff',
        `/${'x'.repeat(1025)}`,
        '/.uploads/parts/x',
      ],
      ...['/.UPLOADS/x', '/a//b', `/${'y'.repeat(300)}`],
    ]) {
      const put = await call('PUT', target, { body: 'escaped' })
      expect([put.status, tag('Code', put.text)], target).toEqual([400, 'InvalidArgument'])
      expect((await call('GET', target)).status, target).toBeGreaterThanOrEqual(400)
    }
    expect((await readdir(folder)).sort()).toEqual(before)
    expect(existsSync(join(folder, 'buckets', 'escaped'))).toBe(false)
    for (const query of ['acl', 'tagging=', 'versionId=1', 'ci-process=snapshot', 'delete'])
      expect((await call('GET', `/a?${query}`)).status, query).toBe(404)
  })

  test('a key with limits reaches objects only by the actions that it names, in its buckets', {
    tags: ['cos-policy'],
  }, async () => {
    await call('PUT', '/secret.txt', { body: 'x' })
    const attempts = (key: Key) =>
      Promise.all(
        [
          ['GET', '/secret.txt'],
          ['PUT', '/mine.txt'],
          ['DELETE', '/none.txt'],
          ['GET', '/?prefix=secret'],
          ['POST', '/mine.txt?uploads'],
        ].map(async ([method = '', target = '']) => {
          return (await call(method, target, { key, ...(method === 'GET' ? {} : { body: '' }) })).status
        }),
      )
    const none = [403, 403, 403, 403, 403]
    for (const limit of [
      { libraries: ['Db1'] },
      { buckets: [BUCKET] },
      { ruleTypes: ['FindSimilarVideo'] as const },
    ])
      expect(await attempts(await newKey(limit)), JSON.stringify(limit)).toEqual(none)
    expect(await attempts(await newKey({ actions: ['ci:CreateMediaJobs'] }))).toEqual(none)
    expect(await attempts(await newKey({ actions: ['cos:GetObject'] }))).toEqual([200, 403, 403, 403, 403])
    const all = ['cos:GetObject', 'cos:PutObject', 'cos:DeleteObject', 'cos:GetBucket']
    const inBucket = await newKey({ actions: all, buckets: [BUCKET], libraries: ['Db1'] })
    expect(await attempts(inBucket)).toEqual([200, 200, 204, 200, 200])
    const elsewhere = await newKey({ actions: all, buckets: ['other-125'] })
    expect(await attempts(elsewhere)).toEqual([400, 400, 400, 400, 400])
  })
})

describe('lists', () => {
  test('a bucket is listed by prefix, folder and page, in the order of the names', {
    tags: ['cos-list'],
  }, async () => {
    for (const name of ['l/a', 'l/b/1', 'l/b/2', 'l/c%20%26', 'l/d/1', 'm'])
      await call('PUT', `/${name}`, { body: 'x' })
    const list = async (query: string) => (await call('GET', `/?${query}`)).text
    const flat = await list('prefix=l%2F')
    expect(keysIn(flat)).toEqual(['l/a', 'l/b/1', 'l/b/2', 'l/c &amp;', 'l/d/1'])
    expect(flat).toMatch(
      /<Name>films-125<\/Name><Prefix>l\/<\/Prefix><Marker\/><MaxKeys>1000<\/MaxKeys><IsTruncated>false</,
    )
    expect(flat).toContain('<Size>1</Size><Owner><ID>125</ID><DisplayName>125</DisplayName></Owner>')
    expect(keysIn(await list('prefix=l/&encoding-type=url'))[3]).toBe('l/c%20%26')
    const seen: string[] = []
    let marker = ''
    do {
      const page = await list(`prefix=l/&delimiter=/&max-keys=2&marker=${encodeURIComponent(marker)}`)
      seen.push(
        ...[...page.matchAll(/<(?:Key|CommonPrefixes><Prefix)>([^<]*)</g)].map(([, name]) => name ?? ''),
      )
      marker = tag('NextMarker', page) ?? ''
      expect(page).toContain(`<IsTruncated>${marker !== ''}</IsTruncated>`)
    } while (marker !== '')
    expect(seen).toEqual(['l/a', 'l/b/', 'l/c &amp;', 'l/d/'])
    for (const query of ['delimiter=x', 'max-keys=a', 'encoding-type=base64'])
      expect((await call('GET', `/?${query}`)).status).toBe(400)
    expect((await call('HEAD', '/')).status).toBe(200)
  })
})

describe('uploads in parts', () => {
  const begin = async (target: string) =>
    tag('UploadId', (await call('POST', `${target}?uploads`, { body: '' })).text)
  const complete = (target: string, parts: readonly (readonly [number, string])[]) => {
    const list = parts.map(([n, etag]) => `<Part><PartNumber>${n}</PartNumber><ETag>${etag}</ETag></Part>`)
    const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`
    return call('POST', target, { body })
  }

  test('parts are received in any order, listed, replaced and joined', { tags: ['cos-parts'] }, async () => {
    const id = await begin('/parts.mp4')
    const put = (n: number, body: string) =>
      call('PUT', `/parts.mp4?partNumber=${n}&uploadId=${id}`, { body })
    const second = await put(2, 'world')
    await put(1, 'wrong')
    const first = await put(1, 'hello ')
    expect([first.headers.etag, second.headers.etag]).toEqual([`"${md5('hello ')}"`, `"${md5('world')}"`])
    const listed = await call('GET', `/parts.mp4?uploadId=${id}&max-parts=1`)
    expect(listed.text).toMatch(/<NextPartNumberMarker>1<.*<IsTruncated>true<.*<PartNumber>1<.*<Size>6</)
    const uploads = await call('GET', '/?uploads&prefix=parts')
    expect([keysIn(uploads.text), tag('UploadId', uploads.text)]).toEqual([['parts.mp4'], id])
    const done = await complete(`/parts.mp4?uploadId=${id}`, [
      [1, `"${md5('hello ')}"`],
      [2, md5('world')],
    ])
    const etag = `"${md5OfMd5s('hello ', 'world')}-2"`
    expect([done.status, tag('ETag', done.text)]).toEqual([200, etag])
    expect(tag('Location', done.text)).toBe(`http://${HOST}/parts.mp4`)
    const read = await call('GET', '/parts.mp4')
    expect([read.text, read.headers.etag]).toEqual(['hello world', etag])
    expect(await readdir(join(dirname(api.thumbnailsDir), 'buckets', BUCKET, '.uploads', 'parts'))).toEqual(
      [],
    )
    const again = await complete(`/parts.mp4?uploadId=${id}`, [[1, md5('hello ')]])
    expect([again.status, tag('Code', again.text)]).toEqual([404, 'NoSuchUpload'])
  })

  test('an upload is refused with the code of its fault, and stays usable', {
    tags: ['cos-part-faults'],
  }, async () => {
    const id = await begin('/faults.mp4')
    const target = `/faults.mp4?uploadId=${id}`
    const etag = String((await call('PUT', `${target}&partNumber=1`, { body: 'a' })).headers.etag)
    await call('PUT', `${target}&partNumber=3`, { body: 'a' })
    const code = async (answer: ReturnType<typeof call>) => tag('Code', (await answer).text)
    for (const [answer, wanted] of [
      [call('PUT', `${target}&partNumber=0`, { body: 'a' }), 'InvalidArgument'],
      [call('PUT', `${target}&partNumber=10001`, { body: 'a' }), 'InvalidArgument'],
      [call('PUT', '/faults.mp4?partNumber=1&uploadId=none', { body: 'a' }), 'NoSuchUpload'],
      [call('PUT', `/other.mp4?partNumber=1&uploadId=${id}`, { body: 'a' }), 'NoSuchUpload'],
      [complete(target, [[2, etag]]), 'InvalidPart'],
      [complete(target, [[1, md5('other')]]), 'InvalidPart'],
      [
        complete(target, [
          [3, etag],
          [1, etag],
        ]),
        'InvalidPartOrder',
      ],
      [
        complete(target, [
          [1, etag],
          [1, etag],
        ]),
        'InvalidPartOrder',
      ],
      [complete(target, []), 'InvalidContent'],
      [call('POST', target, { body: '<x' }), 'InvalidContent'],
      [call('POST', target, { body: '' }), 'MissingContent'],
    ] as const)
      expect(await code(answer)).toBe(wanted)
    expect((await call('HEAD', '/faults.mp4')).status).toBe(404)
    expect((await complete(target, [[1, etag]])).status).toBe(200)
  })

  test('an aborted upload leaves nothing behind', { tags: ['cos-abort'] }, async () => {
    const id = await begin('/aborted.mp4')
    await call('PUT', `/aborted.mp4?partNumber=1&uploadId=${id}`, { body: 'a' })
    expect((await call('DELETE', `/aborted.mp4?uploadId=${id}`)).status).toBe(204)
    expect((await call('DELETE', `/aborted.mp4?uploadId=${id}`)).status).toBe(404)
    expect(keysIn((await call('GET', '/?uploads&prefix=aborted')).text)).toEqual([])
    const { rows } = await api.db.pool.query('select from upload_parts where upload_id = $1', [id])
    expect(rows).toEqual([])
  })
})
