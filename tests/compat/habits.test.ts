import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { expectGolden, expectHeaders } from './golden.ts'
import { openLossyProxy } from './lossy-proxy.ts'
import { exchange, type RawAnswer } from './raw-http.ts'
import { createSdk, releases, SDK_BUCKET, SDK_REGION } from './sdk.ts'
import { authorizationOf, encode, type Pair, signatureFields } from './sign.ts'
import { OFFICIAL_HOST, openStage, type Stage } from './stage.ts'

let stage: Stage
let library: string
/** `127.0.0.1:port`, and without the port. */
let host: string
let bareHost: string

beforeAll(async () => {
  stage = await openStage()
  library = await stage.library()
  await stage.queue('Paused')
  host = new URL(stage.url).host
  bareHost = new URL(stage.url).hostname
})
afterAll(() => stage.close(), 40_000)

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

/** A job that waits, submitted as the documentation has it. */
const waiting = async (): Promise<string> => {
  const answer = await stage.raw({ method: 'POST', path: '/jobs', body: newBody() })
  return text(answer, 'JobId')
}
/** Under a host that names no bucket: clients of these tests differ in theirs. */
const stateOf = async (jobId: string) =>
  text(await stage.raw({ method: 'GET', path: `/jobs/${jobId}`, host }), 'State')

describe('Python', () => {
  const life = { backSeconds: 60, lifeSeconds: 10_000 }
  /** The bare host name is signed and `host:port` sent; parameters without a value are sent and signed. */
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
      key: stage.key,
      ...life,
    })
    const parts = [search(query), unsigned].filter((part) => part)
    return exchange(stage.url, {
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

  test('submits and cancels with the host signed without its port and a cancel that is not signed', {
    tags: ['python-cancel'],
  }, async () => {
    const made = await python('POST', '/jobs', { body: newBody() })
    expectHeaders(made)
    const jobId = text(made, 'JobId')
    const cancelled = await python('PUT', `/jobs/${jobId}`, { unsigned: 'cancel' })
    expectGolden(cancelled, 'put-jobs')
    expect(await stateOf(jobId)).toBe('Cancel')
  })

  test('lists with every parameter there, empty and signed', { tags: ['python-list'] }, async () => {
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

describe('Go', () => {
  /** Content-MD5 is always sent and signed; a repeated name is listed once a value, its values sorted. */
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
      key: stage.key,
      backSeconds: 1,
      lifeSeconds: 3600,
    })
    // url.Values.Encode writes a space as a plus.
    const target = query.length === 0 ? path : `${path}?${search(query).replaceAll('%20', '+')}`
    const unsigned: readonly Pair[] = [
      ['User-Agent', 'cos-go-sdk-v5/0.7.75'],
      ['Accept-Encoding', 'gzip'],
    ]
    return exchange(stage.url, {
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

  test('finds a plain whole number wherever it declares an int', { tags: ['go-numbers'] }, async () => {
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

  test('repeats a name in the query, and writes a space as a plus', { tags: ['go-repeats'] }, async () => {
    const query = [
      ['x', 'b b'],
      ['x', 'a'],
      ['x', ''],
      ['inputObject', 'no such object'],
    ] as const
    expectGolden(await go('GET', '/jobs', { query }), 'list-jobs-empty')
  })

  test('cancels with a signed cancel and nothing after it', { tags: ['go-cancel'] }, async () => {
    const jobId = await waiting()
    expectGolden(await go('PUT', `/jobs/${jobId}`, { query: [['cancel', '']] }), 'put-jobs')
    expect(await stateOf(jobId)).toBe('Cancel')
  })
})

describe('Java', () => {
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
      key: stage.key,
      backSeconds: 1,
      lifeSeconds: 3600,
    })
    return exchange(stage.url, {
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

  test('cancels with a PUT that has no query, and sends headers that are not signed', {
    tags: ['java-cancel'],
  }, async () => {
    const jobId = text(await java('POST', '/jobs', { body: newBody() }), 'JobId')
    expectGolden(await java('PUT', `/jobs/${jobId}`), 'put-jobs')
    expect(await stateOf(jobId)).toBe('Cancel')
  })

  test('asks for one job with a size, and reads the last child of Input as the object', {
    tags: ['java-get'],
  }, async () => {
    const jobId = await waiting()
    const answer = await java('GET', `/jobs/${jobId}`, { query: [['size', '10']] })
    expect([answer.status, text(answer, 'JobId')]).toEqual([200, jobId])
    const input = /<Input>(.*)<\/Input>/.exec(answer.text)?.[1] ?? ''
    expect(input).toMatch(/<Object>habits\/\d+\.mp4<\/Object>$/)
  })
})

describe('Node through a forward proxy', () => {
  test.each(releases)(
    'reaches an official host name with SDK %s, whose target is absolute then',
    { tags: ['proxy-forward'] },
    async (release) => {
      const proxy = await openLossyProxy(stage.url, 0)
      const sdk = createSdk({
        release,
        way: 'Url',
        address: { ...stage.product.address, url: `http://${OFFICIAL_HOST}` },
        options: { Proxy: proxy.url, Tunnel: false },
      })
      const { response } = await sdk.call({ method: 'POST', key: 'jobs', body: newBody() })
      expect(response).toMatchObject({ JobsDetail: { Input: { BucketId: SDK_BUCKET, Region: SDK_REGION } } })
      await proxy.close()
    },
  )

  test('has the authority of the target count, whatever Host says', {
    tags: ['proxy-authority'],
  }, async () => {
    const authorization = authorizationOf({
      method: 'GET',
      path: '/jobs',
      headers: [['host', OFFICIAL_HOST]],
      key: stage.key,
    })
    const answer = await exchange(stage.url, {
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
      key: stage.key,
    })
    return exchange(stage.url, {
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

  test('of the official form names bucket and region, with and without its port', {
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

  test('of another form leaves both to the key and then to the defaults', {
    tags: ['host-other'],
  }, async () => {
    const answer = await submit('video.example.test', 'video.example.test')
    expect([text(answer, 'BucketId'), text(answer, 'Region')]).toEqual(['kinoprint-1250000000', 'local'])
    const bound = await stage.newKey({ buckets: ['bound-125', 'other-125'], region: 'ap-bound' })
    const byKey = await stage.raw(
      { method: 'POST', path: '/jobs', body: newBody(), host: 'video.example.test' },
      bound,
    )
    expect([text(byKey, 'BucketId'), text(byKey, 'Region')]).toEqual(['bound-125', 'ap-bound'])
    const named = await submit('ci.example.test', 'ci.example.test')
    expect([text(named, 'BucketId'), text(named, 'Region')]).toEqual(['kinoprint-1250000000', 'local'])
  })

  test('may be replaced by a bucket in the path', { tags: ['host-path'] }, async () => {
    const inPath = await stage.raw({
      method: 'POST',
      path: '/path-style-125/jobs',
      body: newBody(),
      host: 'x.test',
    })
    expect(text(inPath, 'BucketId')).toBe('path-style-125')
  })

  test('that somebody forwards is believed of no one unless the settings name a proxy', {
    tags: ['proxy-untrusted'],
  }, async () => {
    const body = newBody()
    const forwarded = await stage.raw({
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
      key: stage.key,
    })
    const onPort = await exchange(stage.url, {
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
  test('may stand in the query as one parameter, which is all that some SDKs can presign', {
    tags: ['presigned-merged'],
  }, async () => {
    const body = newBody()
    const authorization = authorizationOf({
      method: 'POST',
      path: '/jobs',
      headers: [['host', OFFICIAL_HOST]],
      key: stage.key,
    })
    const answer = await exchange(stage.url, {
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

  test('may stand in the query, with the token of a temporary key beside it', {
    tags: ['presigned'],
  }, async () => {
    const body = newBody()
    const fields = signatureFields({ method: 'POST', path: '/jobs', key: stage.key })
    const token: Pair = ['x-cos-security-token', 'a/b+c=']
    const answer = await exchange(stage.url, {
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

  test('may cover the path as it is sent or as it is meant, and the comma may come either way', {
    tags: ['comma'],
  }, async () => {
    const [a, b] = [await waiting(), await waiting()]
    const ask = (target: string, path: string) => {
      const authorization = authorizationOf({ method: 'GET', path, key: stage.key })
      return exchange(stage.url, {
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
      key: stage.key,
    })
    const ask = (query: string, meta: string) =>
      exchange(stage.url, {
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
  test('is read whatever its Content-Type, its order, its declaration and its line breaks', {
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
      const answer = await stage.raw({
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

  test('may hold UserData of 1024 characters', { tags: ['user-data'] }, async () => {
    const userData = '測'.repeat(1024)
    const body = jobXml({ rule: 'FindSimilarVideo', library, object: 'x.mp4', userData })
    expect(text(await stage.raw({ method: 'POST', path: '/jobs', body }), 'UserData')).toBe(userData)
  })
})
