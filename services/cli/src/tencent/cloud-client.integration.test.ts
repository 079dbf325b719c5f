import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type CloudStandIn, openCloudStandIn } from '../../../../tests/compat/cloud-stand-in.ts'
import { openCloud } from './cloud-client.ts'
import { cloudFiles, cloudLibraries } from './cloud-libraries.ts'
import { readCloudSettings } from './cloud-settings.ts'

const key = { secretId: `AKID${'x'.repeat(32)}`, secretKey: 'y'.repeat(32) }
const at = { bucket: 'films-1250000000', region: 'ap-chongqing' }
const names = ['a/film.mp4', 'b/测试 film+1 (2)*.mp4', ' spaced.mp4']
const content = Buffer.alloc(100_000, 'film')
const etag = `"${createHash('md5').update(content).digest('hex')}"`
const videos = names.map((object, index) => ({ videoId: `dv${index}`, object, content, etag }))
const libraries = ['Db1', 'Db2', 'Db3'].map((dnaDbId) => ({
  ...{ dnaDbId, name: `films <${dnaDbId}> & more`, capacity: 10_000, videos },
}))
const { signal } = new AbortController()
const folder = mkdtempSync(join(tmpdir(), 'kinoprint-cloud-test-'))

let standIn: CloudStandIn
beforeAll(async () => {
  standIn = await openCloudStandIn({ key, ...at, libraries })
})
afterEach(() => standIn.setFault(null))
afterAll(async () => {
  await standIn.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(secretKey = key.secretKey) {
  const account = { secretId: key.secretId, secretKey, endpoint: standIn.url }
  return openCloud({ ...account, requestsPerSecond: 1000, retryPauseMs: 1 })
}

test('libraries and videos are read from all pages, with names that need escaping', async () => {
  const cloud = open()
  const found = await cloudLibraries(cloud, at, signal)
  expect(found.map(({ dnaDbId }) => dnaDbId)).toEqual(['Db1', 'Db2', 'Db3'])
  expect(found[0]).toMatchObject({
    name: 'films <Db1> & more',
    capacity: 10_000,
    description: 'moved',
    ...at,
  })
  const files = await cloudFiles(cloud, { ...at, dnaDbId: 'Db2' }, signal)
  expect(files).toEqual(
    videos.map(({ videoId, object }) => ({ dnaDbId: 'Db2', videoId, object, etag, ...at })),
  )
})

test('objects of any name are downloaded whole', async () => {
  for (const [index, object] of names.entries()) {
    const path = join(folder, String(index))
    await open().download(at, object, { path, signal })
    expect(readFileSync(path).equals(content)).toBe(true)
  }
})

test('a wrong key and an absent object are named, without another attempt', async () => {
  const before = standIn.requests.length
  const wrong = cloudLibraries(open('wrong'), at, signal)
  await expect(wrong).rejects.toMatchObject({
    code: 'AccessDenied',
    message: expect.stringMatching(
      /refused the key \(403 SignatureDoesNotMatch.*needs ci:DescribeMediaDnaDbs/,
    ),
  })
  const path = join(folder, 'absent')
  const absent = open().download(at, 'gone.mp4', { path, signal })
  await expect(absent).rejects.toMatchObject({
    code: 'ResourceNotFound',
    message: 'The bucket has no object gone.mp4 any more.',
  })
  expect(standIn.requests.length - before).toBe(1)
})

test('requests are repeated after a busy answer, a closed connection and a cut download', async () => {
  let attempt = 0
  standIn.setFault((_request, response) => {
    attempt++
    if (attempt === 1) response.writeHead(503).end()
    else if (attempt === 2) response.socket?.resetAndDestroy()
    else if (attempt === 3) response.writeHead(200, { 'content-length': content.length }).write('cut')
    if (attempt === 3) setTimeout(() => response.socket?.destroy(), 10)
    return attempt <= 3
  })
  const path = join(folder, 'again')
  await open().download(at, 'a/film.mp4', { path, signal })
  expect(attempt).toBe(4)
  expect(readFileSync(path).equals(content)).toBe(true)
})

test('an account that stays unavailable, and an answer that is no list, end with a message', async () => {
  standIn.setFault((_request, response) => {
    response.writeHead(503).end('<Error><Code>ServiceUnavailable</Code><Message>Busy.</Message></Error>')
    return true
  })
  await expect(cloudLibraries(open(), at, signal)).rejects.toThrow(
    'films-1250000000.ci.ap-chongqing.myqcloud.com is unavailable (503 ServiceUnavailable: Busy.). Try again later.',
  )
  for (const [body, message] of [
    ['<html>a proxy<br></html>', 'sent no XML'],
    ['', 'sent no XML'],
    ['<html>a proxy</html>', 'without a TotalCount'],
    ['<Response><TotalCount>1</TotalCount><DNADbConfig/></Response>', 'a DNADbConfig without DNADbId'],
  ] as const) {
    standIn.setFault((_request, response) => {
      response.writeHead(200).end(body)
      return true
    })
    await expect(cloudLibraries(open(), at, signal)).rejects.toThrow(message)
  }
})

test('an interruption ends a request at once', async () => {
  standIn.setFault(() => true)
  const stop = new AbortController()
  const reading = cloudLibraries(open(), at, stop.signal)
  setTimeout(() => stop.abort(new Error('stopped')), 20)
  await expect(reading).rejects.toThrow('stopped')
})

test('the key of the account comes from TENCENT_SECRET_ID, otherwise from SECRET_ID', () => {
  const own = { SECRET_ID: 'a', SECRET_KEY: 'b' }
  expect(readCloudSettings(own)).toEqual({ secretId: 'a', secretKey: 'b', endpoint: null })
  const other = { ...own, TENCENT_SECRET_ID: 'c', TENCENT_SECRET_KEY: 'd' }
  expect(readCloudSettings(other)).toMatchObject({ secretId: 'c', secretKey: 'd' })
  expect(() => readCloudSettings({ ...own, TENCENT_SECRET_ID: 'c' })).toThrow('Set TENCENT_SECRET_ID')
  expect(() => readCloudSettings({})).toThrow('Set TENCENT_SECRET_ID')
  for (const TENCENT_ENDPOINT of ['127.0.0.1:80', 'ftp://cloud', 'no address'])
    expect(() => readCloudSettings({ ...own, TENCENT_ENDPOINT })).toThrow('TENCENT_ENDPOINT must be')
})
