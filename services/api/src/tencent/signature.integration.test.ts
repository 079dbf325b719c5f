import { createConnection } from 'node:net'
import { presignTarget, signRequest } from '@kinoprint/contract'
import { createKey, findKey, listKeys, revokeKey } from '@kinoprint/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Key, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { tag } from '../testing/send-request.ts'

const encryptionKey = Buffer.alloc(32, 7)

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

function now(): number {
  return Math.floor(Date.now() / 1000)
}
function authorize(
  target: string,
  {
    method = 'GET',
    headers = [],
    key = api.key,
    startSeconds = now() - 60,
    endSeconds = now() + 900,
  }: {
    method?: string
    headers?: readonly (readonly [string, string])[]
    key?: Key
    startSeconds?: number
    endSeconds?: number
  } = {},
): string {
  return signRequest({ method, target, headers, ...key, startSeconds, endSeconds })
}

async function errorOf(headers: Record<string, string>, target = '/dnadb') {
  const { status, text, headers: answered } = await api.send({ method: 'GET', target, headers })
  return { status, code: tag('Code', text), text, answered }
}

describe('accepted signatures', () => {
  test('a signature over the path alone is accepted, as in the public samples', async () => {
    expect((await errorOf({ authorization: authorize('/dnadb') })).status).toBe(200)
  })

  test('a signed host is accepted with and without its port', async () => {
    for (const host of ['127.0.0.1', `127.0.0.1:${api.port}`]) {
      const authorization = authorize('/dnadb', { headers: [['host', host]] })
      expect((await errorOf({ authorization, host: `127.0.0.1:${api.port}` })).status).toBe(200)
    }
  })

  test('a presigned link is accepted', async () => {
    const options = { method: 'GET', target: '/dnadb?pageSize=5', ...api.key }
    const target = presignTarget({ ...options, startSeconds: now() - 5, endSeconds: now() + 60 })
    expect((await errorOf({}, `${target}&x-cos-security-token=t`)).status).toBe(200)
  })

  test('an absolute target is accepted, and its authority counts as the host', async () => {
    const host = 'films-125.ci.ap-north.test'
    const authorization = authorize('/jobs', { headers: [['host', host]] })
    const target = `http://${host}/jobs`
    expect((await errorOf({ authorization, host }, target)).status).toBe(200)
    const admin = await api.admin({ method: 'GET', target: `http://127.0.0.1:${api.port}/admin/stats` })
    expect(admin.status).toBe(200)
  })

  test('unsigned headers and signed empty parameters are accepted', async () => {
    const target = '/dnadb?ids=&pageNumber='
    const headers = { authorization: authorize(target), 'x-cos-meta': 'x', 'content-type': 'text/plain' }
    expect((await errorOf(headers, target)).status).toBe(200)
  })
})

describe('rejected requests', () => {
  test('an unsigned request gets a complete error body and its headers', async () => {
    const { status, text, answered } = await errorOf({})
    expect(status).toBe(401)
    expect(text).toMatch(
      /^<\?xml version='1.0' encoding='utf-8' \?><Error><Code>MissingAuthorization<\/Code><Message>[^<]+<\/Message><Resource>\/dnadb<\/Resource><RequestId>[^<]+<\/RequestId><TraceId>[^<]+<\/TraceId><\/Error>$/,
    )
    expect(answered['x-ci-request-id']).toBe(tag('RequestId', text))
    expect(answered['x-cos-request-id']).toBe(tag('RequestId', text))
    expect(answered['x-ci-trace-id']).toBe(tag('TraceId', text))
    expect(answered['x-cos-trace-id']).toBe(tag('TraceId', text))
    expect(answered).toMatchObject({ server: 'tencent-ci', 'content-type': 'application/xml' })
  })

  test('a malformed signature is rejected', async () => {
    for (const authorization of ['Bearer x', 'q-sign-algorithm=sha1', 'q-sign-algorithm=md5&q-ak=a']) {
      expect(await errorOf({ authorization })).toMatchObject({ status: 401, code: 'InvalidAuthorization' })
    }
  })

  test('an unknown SecretId is rejected', async () => {
    const authorization = authorize('/dnadb', { key: { secretId: 'AKIDnobody', secretKey: 'x' } })
    expect(await errorOf({ authorization })).toMatchObject({ status: 401, code: 'SecretidNotExist' })
  })

  test('a wrong signature is rejected, and the response contains the strings to sign', async () => {
    const key = { secretId: api.key.secretId, secretKey: 'wrong' }
    const { status, code, text } = await errorOf(
      { authorization: authorize('/dnadb?a=1', { key }) },
      '/dnadb?a=1',
    )
    expect([status, code]).toEqual([403, 'SignatureDoesNotMatch'])
    expect(tag('FormatString', text)).toBe('get\n/dnadb\na=1\n\n')
    expect(tag('StringToSign', text)).toMatch(/^sha1\n\d+;\d+\n[0-9a-f]{40}\n$/)
  })

  test('expired and not yet valid signatures are rejected', async () => {
    for (const window of [
      { startSeconds: now() - 100, endSeconds: now() - 10 },
      { startSeconds: now() + 3600, endSeconds: now() + 7200 },
    ]) {
      const authorization = authorize('/dnadb', window)
      expect(await errorOf({ authorization })).toMatchObject({ status: 401, code: 'SignatureExpired' })
    }
  })

  test('an action outside the policy of the key is rejected', async () => {
    const key = await createKey(api.db, {
      encryptionKey,
      name: 'reader',
      actions: ['ci:DescribeMediaDnaDbs'],
    })
    expect((await errorOf({ authorization: authorize('/dnadb', { key }) })).status).toBe(200)
    const authorization = authorize('/queue', { key })
    expect(await errorOf({ authorization }, '/queue')).toMatchObject({ status: 403, code: 'AccessDenied' })
  })

  test('a key revoked in this process stops working at once, one revoked in another process within seconds', async () => {
    const make = () => createKey(api.db, { encryptionKey, name: 'short-lived' })
    const [here, elsewhere] = [await make(), await make()]
    const use = async (key: Key) => (await errorOf({ authorization: authorize('/dnadb', { key }) })).code
    expect([await use(here), await use(elsewhere)]).toEqual([undefined, undefined])
    const { status } = await api.admin({ method: 'DELETE', target: `/admin/keys/${here.secretId}` })
    expect(status).toBe(204)
    expect(await use(here)).toBe('SecretidNotExist')
    await revokeKey(api.db, elsewhere.secretId)
    await expect.poll(() => use(elsewhere), { timeout: 250_000, interval: 200 }).toBe('SecretidNotExist')
  })

  test('an unknown path and an unsupported method are rejected', async () => {
    for (const [method, target] of [
      ['GET', '/nothing'],
      ['GET', '/Jobs'],
      ['GET', '/jobs/a/b'],
      ['DELETE', '/jobs'],
      ['POST', '/dnadb'],
      ['OPTIONS', '/queue'],
    ] as const) {
      const { status, text } = await api.send({ method, target })
      expect([status, tag('Code', text)]).toEqual([404, 'InvalidUrl'])
    }
    const { headers } = await api.send({ method: 'DELETE', target: '/jobs' })
    expect(headers.allow).toBe('GET, POST')
  })
})

test('the last use of a key is recorded', async () => {
  await expect
    .poll(async () => {
      const records = await listKeys(api.db)
      return records.find(({ secretId }) => secretId === api.key.secretId)?.lastUsedAt
    })
    .toBeInstanceOf(Date)
  expect(await findKey(api.db, { encryptionKey, secretId: api.key.secretId })).toMatchObject(api.key)
})

/** Sends raw bytes and returns everything received until the connection closes. */
function sendRaw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(api.port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}

test('a body without Content-Length that is not chunked gets MissingContentLength', async () => {
  const authorization = authorize('/jobs', { method: 'POST' })
  const text = await sendRaw(
    `POST /jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${authorization}\r\n\r\n`,
  )
  expect(text).toMatch(/^HTTP\/1.1 411 /)
  expect(tag('Code', text)).toBe('MissingContentLength')
})

test('bytes that are not HTTP get a complete error response', async () => {
  const text = await sendRaw('GET /jobs HTTP/1.1\r\nbroken header\r\n\r\n')
  expect(text).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
  expect(tag('RequestId', text)).toMatch(/\S/)
  expect(text).toContain(`x-cos-trace-id: ${tag('TraceId', text)}`)
  const long = await sendRaw(`GET /jobs HTTP/1.1\r\nHost: x\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`)
  expect(long).toMatch(/^HTTP\/1.1 431 /)
})

test('headers that are too large get a response even if a body of 1 MB follows', {
  tags: ['long-headers'],
}, async () => {
  const body = 'a'.repeat(1_000_000)
  for (let n = 0; n < 5; n++) {
    const text = await sendRaw(
      `POST /jobs HTTP/1.1\r\nHost: x\r\nx: ${'a'.repeat(20_000)}\r\nContent-Length: 1000000\r\n\r\n${body}`,
    )
    expect(text).toMatch(/^HTTP\/1.1 431 .*<\/Error>$/s)
  }
})

test('CONNECT and an unknown expectation get a complete error response', async () => {
  const connect = await sendRaw('CONNECT example.test:443 HTTP/1.1\r\nHost: example.test:443\r\n\r\n')
  expect(connect).toMatch(/^HTTP\/1.1 404 /)
  expect(tag('Code', connect)).toBe('InvalidUrl')
  const expecting = await sendRaw(
    'GET /jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: gold\r\n\r\n',
  )
  expect(expecting).toMatch(/^HTTP\/1.1 401 /)
  expect(tag('Code', expecting)).toBe('MissingAuthorization')
})

test('a HEAD request gets the headers of a GET without the body', async () => {
  const authorization = authorize('/dnadb', { method: 'HEAD' })
  const { status, headers, text } = await api.send({
    method: 'HEAD',
    target: '/dnadb',
    headers: { authorization },
  })
  expect([status, text]).toEqual([200, ''])
  expect(Number(headers['content-length'])).toBeGreaterThan(100)
})

test('the log contains no secret of any key', () => {
  expect(api.logged.join()).not.toContain(api.key.secretKey)
})
