import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { type CompatHarness, OFFICIAL_HOST, openCompatHarness } from './compat-harness.ts'
import { exchange, searchOf, textOf, textsOf } from './raw-http.ts'
import { SDK_BUCKET, SDK_REGION } from './sdk.ts'
import { authorizationOf, encode, type Pair, signatureFields } from './sign.ts'

let harness: CompatHarness
let library: string
/** `127.0.0.1:port`. */
let host: string

beforeAll(async () => {
  harness = await openCompatHarness()
  library = await harness.library()
  await harness.queue('Paused')
  host = new URL(harness.url).host
})
afterAll(() => harness.close(), 40_000)

let objects = 0
function newBody(): string {
  objects += 1
  return jobXml({ rule: 'FindSimilarVideo', library, object: `forms/${objects}.mp4` })
}

/** A waiting job, submitted as in the documentation. */
async function waiting(): Promise<string> {
  const answer = await harness.raw({ method: 'POST', path: '/jobs', body: newBody() })
  return textOf(answer, 'JobId')
}

describe('a host name', () => {
  const submit = (sentHost: string, signedHost: string) => {
    const body = newBody()
    const authorization = authorizationOf({
      method: 'POST',
      path: '/jobs',
      headers: [['host', signedHost]],
      key: harness.key,
    })
    return exchange(harness.url, {
      method: 'POST',
      target: '/jobs',
      headers: [
        ['Host', sentHost],
        ['Content-Length', String(Buffer.byteLength(body))],
        ['Authorization', authorization],
      ],
      body,
    })
  }

  test('in the official form names bucket and region, with and without a port', {
    tags: ['host-official'],
  }, async () => {
    for (const [sent, signed] of [
      [OFFICIAL_HOST, OFFICIAL_HOST],
      [`${OFFICIAL_HOST}:8080`, `${OFFICIAL_HOST}:8080`],
      [`${OFFICIAL_HOST}:8080`, OFFICIAL_HOST],
    ] as const) {
      const answer = await submit(sent, signed)
      expect([textOf(answer, 'BucketId'), textOf(answer, 'Region')]).toEqual([SDK_BUCKET, SDK_REGION])
    }
  })

  test('in another form leaves bucket and region to the key, then to the defaults', {
    tags: ['host-other'],
  }, async () => {
    const answer = await submit('video.example.test', 'video.example.test')
    expect([textOf(answer, 'BucketId'), textOf(answer, 'Region')]).toEqual(['kinoprint-1250000000', 'local'])
    const bound = await harness.newKey({ buckets: ['bound-125', 'other-125'], region: 'ap-bound' })
    const byKey = await harness.raw(
      { method: 'POST', path: '/jobs', body: newBody(), host: 'video.example.test' },
      bound,
    )
    expect([textOf(byKey, 'BucketId'), textOf(byKey, 'Region')]).toEqual(['bound-125', 'ap-bound'])
    const named = await submit('ci.example.test', 'ci.example.test')
    expect([textOf(named, 'BucketId'), textOf(named, 'Region')]).toEqual(['kinoprint-1250000000', 'local'])
  })

  test('can be replaced by a bucket in the path', { tags: ['host-path'] }, async () => {
    const inPath = await harness.raw({
      method: 'POST',
      path: '/path-style-125/jobs',
      body: newBody(),
      host: 'x.test',
    })
    expect(textOf(inPath, 'BucketId')).toBe('path-style-125')
  })

  test('in X-Forwarded-Host is ignored unless TRUST_PROXY names the proxy', {
    tags: ['proxy-untrusted'],
  }, async () => {
    const body = newBody()
    const forwarded = await harness.raw({
      method: 'POST',
      path: '/jobs',
      body,
      host,
      headers: [['X-Forwarded-Host', OFFICIAL_HOST]],
    })
    expect(textOf(forwarded, 'BucketId')).toBe('kinoprint-1250000000')
    const signed = authorizationOf({
      method: 'GET',
      path: '/jobs',
      headers: [['host', 'h:8443']],
      key: harness.key,
    })
    const onPort = await exchange(harness.url, {
      method: 'GET',
      target: '/jobs',
      headers: [
        ['Host', 'h'],
        ['X-Forwarded-Port', '8443'],
        ['Authorization', signed],
      ],
    })
    expect(onPort.status).toBe(403)
  })
})

describe('a signature', () => {
  test('can be one query parameter, the only form that some SDKs can presign', {
    tags: ['presigned-merged'],
  }, async () => {
    const body = newBody()
    const authorization = authorizationOf({
      method: 'POST',
      path: '/jobs',
      headers: [['host', OFFICIAL_HOST]],
      key: harness.key,
    })
    const answer = await exchange(harness.url, {
      method: 'POST',
      target: `/jobs?sign=${encode(authorization)}&x-cos-security-token=t`,
      headers: [
        ['Host', OFFICIAL_HOST],
        ['Content-Length', String(Buffer.byteLength(body))],
      ],
      body,
    })
    expect([answer.status, textOf(answer, 'BucketId')]).toEqual([200, SDK_BUCKET])
  })

  test('can be in the query, together with the token of a temporary key', {
    tags: ['presigned'],
  }, async () => {
    const body = newBody()
    const fields = signatureFields({ method: 'POST', path: '/jobs', key: harness.key })
    const token: Pair = ['x-cos-security-token', 'a/b+c=']
    const answer = await exchange(harness.url, {
      method: 'POST',
      target: `/jobs?${searchOf([...fields, token])}`,
      headers: [
        ['Host', host],
        ['Content-Length', String(Buffer.byteLength(body))],
      ],
      body,
    })
    expect(answer.status, answer.text).toBe(200)
  })

  test('can cover the path as sent or decoded, with a raw or encoded comma', {
    tags: ['comma'],
  }, async () => {
    const [a, b] = [await waiting(), await waiting()]
    const ask = (target: string, path: string) => {
      const authorization = authorizationOf({ method: 'GET', path, key: harness.key })
      return exchange(harness.url, {
        method: 'GET',
        target,
        headers: [
          ['Host', host],
          ['Authorization', authorization],
        ],
      })
    }
    const [raw, encoded] = [`/jobs/${a},${b}`, `/jobs/${a}%2C${b}`]
    for (const [target, signed] of [
      [raw, raw],
      [encoded, raw],
      [encoded, encoded],
    ] as const)
      expect(textsOf(await ask(target, signed), 'JobId')).toEqual([a, b])
  })

  test('covers the value of every listed header and parameter', { tags: ['covers'] }, async () => {
    const good = authorizationOf({
      method: 'GET',
      path: '/dnadb',
      params: [['pageSize', '5']],
      headers: [['x-cos-meta', 'one']],
      key: harness.key,
    })
    const ask = (query: string, meta: string) =>
      exchange(harness.url, {
        method: 'GET',
        target: `/dnadb?${query}`,
        headers: [
          ['Host', host],
          ['X-Cos-Meta', ` ${meta} `],
          ['Authorization', good],
        ],
      })
    expect((await ask('pageSize=5', 'one')).status).toBe(200)
    expect((await ask('PAGESIZE=5&unsigned=1', 'one')).status).toBe(200)
    expect((await ask('pageSize=6', 'one')).status).toBe(403)
    expect((await ask('pageSize=5', 'two')).status).toBe(403)
  })
})

describe('a body', () => {
  test('is read with any Content-Type, element order, XML declaration and line breaks', {
    tags: ['habits-body'],
  }, async () => {
    const body =
      `<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- pretty -->\r\n<Request>\r\n\t<Unknown a="b"><x/></Unknown>\r\n` +
      `\t<Operation><JobLevel> 2 </JobLevel><UserData>&#x6D4B;&amp;<![CDATA[<x>]]></UserData><DnaConfig><DnaDbId>\n${library}\n</DnaDbId>` +
      `<RuleType>FindSimilarVideo</RuleType></DnaConfig></Operation><Input><Object>a/测.mp4</Object></Input><Tag>DNA</Tag></Request>\r\n`
    for (const type of [
      'application/json',
      'text/plain; charset=latin1',
      'application/x-www-form-urlencoded',
    ]) {
      const answer = await harness.raw({
        method: 'POST',
        path: '/jobs',
        body,
        headers: [['Content-Type', type]],
      })
      expect([textOf(answer, 'Object'), textOf(answer, 'JobLevel'), textOf(answer, 'UserData')]).toEqual([
        'a/测.mp4',
        '2',
        '测&amp;&lt;x&gt;',
      ])
    }
  })

  test('can contain UserData of 1024 characters', { tags: ['user-data'] }, async () => {
    const userData = '測'.repeat(1024)
    const body = jobXml({ rule: 'FindSimilarVideo', library, object: 'x.mp4', userData })
    expect(textOf(await harness.raw({ method: 'POST', path: '/jobs', body }), 'UserData')).toBe(userData)
  })
})
