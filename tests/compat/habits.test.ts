import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { type CompatHarness, OFFICIAL_HOST, openCompatHarness } from './compat-harness.ts'
import { expectGolden, expectHeaders } from './golden.ts'
import { openLossyProxy } from './lossy-proxy.ts'
import { exchange, type RawAnswer } from './raw-http.ts'
import { createSdk, releases, SDK_BUCKET, SDK_REGION } from './sdk.ts'
import { authorizationOf, encode, type Pair, signatureFields } from './sign.ts'

let harness: CompatHarness
let library: string
/** `127.0.0.1:port` and the same without the port. */
let host: string
let bareHost: string

beforeAll(async () => {
  harness = await openCompatHarness()
  library = await harness.library()
  await harness.queue('Paused')
  host = new URL(harness.url).host
  bareHost = new URL(harness.url).hostname
})
afterAll(() => harness.close(), 40_000)

let objects = 0
const newBody = (): string => {
  objects += 1
  return jobXml({ rule: 'FindSimilarVideo', library, object: `habits/${objects}.mp4` })
}
const texts = (answer: RawAnswer, name: string): string[] =>
  [...answer.text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) => match[1] ?? '')
const text = (answer: RawAnswer, name: string): string => texts(answer, name)[0] ?? ''
const search = (query: readonly Pair[]): string =>
  query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')

/** A waiting job, submitted as in the documentation. */
const waiting = async (): Promise<string> => {
  const answer = await harness.raw({ method: 'POST', path: '/jobs', body: newBody() })
  return text(answer, 'JobId')
}
/** Uses a host without a bucket, because the clients of these tests use different ones. */
const stateOf = async (jobId: string) =>
  text(await harness.raw({ method: 'GET', path: `/jobs/${jobId}`, host }), 'State')

describe('the Python SDK', () => {
  const life = { backSeconds: 60, lifeSeconds: 10_000 }
  /** Signs the host without its port but sends `host:port`. Sends and signs parameters without a value. */
  const python = (
    method: string,
    path: string,
    given: { query?: readonly Pair[]; body?: string; unsigned?: string },
  ) => {
    const { query = [], body, unsigned } = given
    const authorization = authorizationOf({
      method,
      path,
      params: query,
      headers: [['host', bareHost]],
      key: harness.key,
      ...life,
    })
    const parts = [search(query), unsigned].filter((part) => part)
    return exchange(harness.url, {
      method,
      target: parts.length === 0 ? path : `${path}?${parts.join('&')}`,
      headers: [
        ['Host', host],
        ['Accept-Encoding', 'gzip, deflate'],
        ['Accept', '*/*'],
        ['Content-Type', 'application/xml'],
        ['User-Agent', 'cos-python-sdk-v5.1.9.41'],
        ...(body === undefined ? [] : [['Content-Length', String(Buffer.byteLength(body))] as const]),
        ['Authorization', authorization],
      ],
      body,
    })
  }

  test('submits and cancels with a host signed without its port and an unsigned cancel', {
    tags: ['python-cancel'],
  }, async () => {
    const made = await python('POST', '/jobs', { body: newBody() })
    expectHeaders(made)
    const jobId = text(made, 'JobId')
    const cancelled = await python('PUT', `/jobs/${jobId}`, { unsigned: 'cancel' })
    expectGolden(cancelled, 'put-jobs')
    expect(await stateOf(jobId)).toBe('Cancel')
  })

  test('lists with every parameter present, empty and signed', { tags: ['python-list'] }, async () => {
    const jobs = [
      'queueId',
      'tag',
      'orderByTime',
      'nextToken',
      'size',
      'states',
      'startCreationTime',
      'endCreationTime',
    ]
    const empty = (names: readonly string[]): Pair[] => names.map((name) => [name, ''])
    const filter: Pair = ['inputObject', 'none']
    const listed = await python('GET', '/jobs', { query: [filter, ...empty(jobs)] })
    expectGolden(listed, 'list-jobs-empty')
    const libraries = await python('GET', '/dnadb', { query: empty(['ids', 'pageNumber', 'pageSize']) })
    expect([libraries.status, text(libraries, 'TotalCount')]).toEqual([200, '1'])
    const queues = await python('GET', '/queue', {
      query: [['state', 'All'], ...empty(['queueIds', 'pageNumber', 'pageSize'])],
    })
    expect([queues.status, texts(queues, 'QueueId').length]).toEqual([200, 1])
  })
})

describe('the Go SDK', () => {
  /** Always sends and signs Content-MD5. Lists a repeated name once per value, with sorted values. */
  const go = (
    method: string,
    path: string,
    { query = [], body = '' }: { query?: readonly Pair[]; body?: string },
  ) => {
    const md5: readonly Pair[] =
      body === '' ? [] : [['Content-MD5', createHash('md5').update(body).digest('base64')]]
    const signed: readonly Pair[] = [
      ['Host', host],
      ...md5,
      ...(body === ''
        ? []
        : ([
            ['Content-Type', 'application/xml'],
            ['Content-Length', String(Buffer.byteLength(body))],
          ] as const)),
    ]
    const authorization = authorizationOf({
      method,
      path,
      params: query,
      headers: signed,
      key: harness.key,
      backSeconds: 1,
      lifeSeconds: 3600,
    })
    // url.Values.Encode writes a space as a plus.
    const target = query.length === 0 ? path : `${path}?${search(query).replaceAll('%20', '+')}`
    const unsigned: readonly Pair[] = [
      ['User-Agent', 'cos-go-sdk-v5/0.7.75'],
      ['Accept-Encoding', 'gzip'],
    ]
    return exchange(harness.url, {
      method,
      target,
      headers: [...signed, ['Authorization', authorization], ...unsigned],
      body,
    })
  }

  test('submits with Content-MD5 and without a JobLevel of 0', { tags: ['go-post'] }, async () => {
    const body = `<Request>\n  <Tag>DNA</Tag>\n  <Input>\n    <Object>go.mp4</Object>\n  </Input>\n  <Operation>\n    <DnaConfig><DnaDbId>${library}</DnaDbId><RuleType>FindSimilarVideo</RuleType></DnaConfig>\n  </Operation>\n</Request>`
    const made = await go('POST', '/jobs', { body })
    expect([made.status, text(made, 'JobLevel'), text(made, 'Object')]).toEqual([200, '0', 'go.mp4'])
  })

  test('gets a whole number for every field that it declares as int', { tags: ['go-numbers'] }, async () => {
    const made = await go('POST', '/jobs', { body: newBody() })
    const libraries = await go('GET', '/dnadb', {})
    const queues = await go('GET', '/queue', { query: [['pageSize', '10']] })
    const head = ['TotalCount', 'PageNumber', 'PageSize']
    for (const [answer, names] of [
      [made, ['Progress', 'JobLevel']],
      [libraries, [...head, 'Capacity']],
      [queues, [...head, 'MaxSize', 'MaxConcurrent']],
    ] as const)
      for (const name of names) expect(text(answer, name), name).toMatch(/^\d+$/)
  })

  test('repeats a name in the query and encodes a space as a plus', { tags: ['go-repeats'] }, async () => {
    const query = [
      ['x', 'b b'],
      ['x', 'a'],
      ['x', ''],
      ['inputObject', 'no such object'],
    ] as const
    expectGolden(await go('GET', '/jobs', { query }), 'list-jobs-empty')
  })

  test('cancels with a signed cancel parameter that has no value', { tags: ['go-cancel'] }, async () => {
    const jobId = await waiting()
    expectGolden(await go('PUT', `/jobs/${jobId}`, { query: [['cancel', '']] }), 'put-jobs')
    expect(await stateOf(jobId)).toBe('Cancel')
  })
})

describe('the Java SDK', () => {
  const java = (
    method: string,
    path: string,
    { query = [], body }: { query?: readonly Pair[]; body?: string } = {},
  ) => {
    const authorization = authorizationOf({
      method,
      path,
      params: query,
      headers: [['host', host]],
      key: harness.key,
      backSeconds: 1,
      lifeSeconds: 3600,
    })
    return exchange(harness.url, {
      method,
      target: query.length === 0 ? path : `${path}?${search(query)}`,
      headers: [
        ['Host', host],
        ['User-Agent', 'cos-java-sdk-v5.6'],
        ['Content-Type', 'application/xml'],
        ['x-cos-client-info', 'not signed'],
        ['Date', new Date().toUTCString()],
        ['Content-Length', String(Buffer.byteLength(body ?? ''))],
        ['Authorization', authorization],
      ],
      body,
    })
  }

  test('cancels with a PUT without a query and with unsigned headers', {
    tags: ['java-cancel'],
  }, async () => {
    const jobId = text(await java('POST', '/jobs', { body: newBody() }), 'JobId')
    expectGolden(await java('PUT', `/jobs/${jobId}`), 'put-jobs')
    expect(await stateOf(jobId)).toBe('Cancel')
  })

  test('gets one job with a size parameter and reads the last child of Input as the object', {
    tags: ['java-get'],
  }, async () => {
    const jobId = await waiting()
    const answer = await java('GET', `/jobs/${jobId}`, { query: [['size', '10']] })
    expect([answer.status, text(answer, 'JobId')]).toEqual([200, jobId])
    const input = /<Input>(.*)<\/Input>/.exec(answer.text)?.[1] ?? ''
    expect(input).toMatch(/<Object>habits\/\d+\.mp4<\/Object>$/)
  })
})

describe('the Node SDK behind a forward proxy', () => {
  test.each(releases)(
    'reaches an official host name with an absolute target, in release %s',
    { tags: ['proxy-forward'] },
    async (release) => {
      const proxy = await openLossyProxy(harness.url, 0)
      const sdk = createSdk({
        release,
        way: 'Url',
        address: { ...harness.product.address, url: `http://${OFFICIAL_HOST}` },
        options: { Proxy: proxy.url, Tunnel: false },
      })
      const { response } = await sdk.call({ method: 'POST', key: 'jobs', body: newBody() })
      expect(response).toMatchObject({ JobsDetail: { Input: { BucketId: SDK_BUCKET, Region: SDK_REGION } } })
      await proxy.close()
    },
  )

  test('is judged by the authority of its target instead of the Host header', {
    tags: ['proxy-authority'],
  }, async () => {
    const authorization = authorizationOf({
      method: 'GET',
      path: '/jobs',
      headers: [['host', OFFICIAL_HOST]],
      key: harness.key,
    })
    const answer = await exchange(harness.url, {
      method: 'GET',
      target: `http://${OFFICIAL_HOST}/jobs`,
      headers: [
        ['Host', 'proxy.test:3128'],
        ['Authorization', authorization],
      ],
    })
    expect(answer.status, answer.text).toBe(200)
  })
})

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

  test('of the official form names bucket and region, with and without a port', {
    tags: ['host-official'],
  }, async () => {
    for (const [sent, signed] of [
      [OFFICIAL_HOST, OFFICIAL_HOST],
      [`${OFFICIAL_HOST}:8080`, `${OFFICIAL_HOST}:8080`],
      [`${OFFICIAL_HOST}:8080`, OFFICIAL_HOST],
    ] as const) {
      const answer = await submit(sent, signed)
      expect([text(answer, 'BucketId'), text(answer, 'Region')]).toEqual([SDK_BUCKET, SDK_REGION])
    }
  })

  test('of another form leaves bucket and region to the key, then to the defaults', {
    tags: ['host-other'],
  }, async () => {
    const answer = await submit('video.example.test', 'video.example.test')
    expect([text(answer, 'BucketId'), text(answer, 'Region')]).toEqual(['kinoprint-1250000000', 'local'])
    const bound = await harness.newKey({ buckets: ['bound-125', 'other-125'], region: 'ap-bound' })
    const byKey = await harness.raw(
      { method: 'POST', path: '/jobs', body: newBody(), host: 'video.example.test' },
      bound,
    )
    expect([text(byKey, 'BucketId'), text(byKey, 'Region')]).toEqual(['bound-125', 'ap-bound'])
    const named = await submit('ci.example.test', 'ci.example.test')
    expect([text(named, 'BucketId'), text(named, 'Region')]).toEqual(['kinoprint-1250000000', 'local'])
  })

  test('can be replaced by a bucket in the path', { tags: ['host-path'] }, async () => {
    const inPath = await harness.raw({
      method: 'POST',
      path: '/path-style-125/jobs',
      body: newBody(),
      host: 'x.test',
    })
    expect(text(inPath, 'BucketId')).toBe('path-style-125')
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
    expect(text(forwarded, 'BucketId')).toBe('kinoprint-1250000000')
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
    expect([answer.status, text(answer, 'BucketId')]).toEqual([200, SDK_BUCKET])
  })

  test('can be in the query, beside the token of a temporary key', {
    tags: ['presigned'],
  }, async () => {
    const body = newBody()
    const fields = signatureFields({ method: 'POST', path: '/jobs', key: harness.key })
    const token: Pair = ['x-cos-security-token', 'a/b+c=']
    const answer = await exchange(harness.url, {
      method: 'POST',
      target: `/jobs?${search([...fields, token])}`,
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
      expect(texts(await ask(target, signed), 'JobId')).toEqual([a, b])
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
      expect([text(answer, 'Object'), text(answer, 'JobLevel'), text(answer, 'UserData')]).toEqual([
        'a/测.mp4',
        '2',
        '测&amp;&lt;x&gt;',
      ])
    }
  })

  test('can contain UserData of 1024 characters', { tags: ['user-data'] }, async () => {
    const userData = '測'.repeat(1024)
    const body = jobXml({ rule: 'FindSimilarVideo', library, object: 'x.mp4', userData })
    expect(text(await harness.raw({ method: 'POST', path: '/jobs', body }), 'UserData')).toBe(userData)
  })
})
