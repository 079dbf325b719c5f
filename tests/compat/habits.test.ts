import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { type CompatHarness, OFFICIAL_HOST, openCompatHarness } from './compat-harness.ts'
import { expectGolden, expectHeaders } from './golden.ts'
import { openLossyProxy } from './lossy-proxy.ts'
import { exchange, type RawAnswer, searchOf, textOf, textsOf } from './raw-http.ts'
import { createSdk, releases, SDK_BUCKET, SDK_REGION } from './sdk.ts'
import { authorizationOf, type Pair } from './sign.ts'

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
function newBody(): string {
  objects += 1
  return jobXml({ rule: 'FindSimilarVideo', library, object: `habits/${objects}.mp4` })
}

/** A waiting job, submitted as in the documentation. */
async function waiting(): Promise<string> {
  const answer = await harness.raw({ method: 'POST', path: '/jobs', body: newBody() })
  return textOf(answer, 'JobId')
}
/** Uses a host without a bucket, because the clients of these tests use different ones. */
async function stateOf(jobId: string) {
  return textOf(await harness.raw({ method: 'GET', path: `/jobs/${jobId}`, host }), 'State')
}

type Send = (
  method: string,
  path: string,
  given: { query?: readonly Pair[]; body?: string },
) => Promise<RawAnswer>

/** Makes each call of the API once, and returns what it answers: the status and one of its elements. */
async function everyCall(send: Send): Promise<Record<string, unknown>> {
  const submitted = await send('POST', '/jobs', { body: newBody() })
  const jobId = textOf(submitted, 'JobId')
  const queues = await send('GET', '/queue', { query: [['pageSize', '10']] })
  const update = '<Request><Name>renamed</Name></Request>'
  const answers = {
    'POST /jobs': [submitted, 'State'],
    'GET /jobs/{id}': [await send('GET', `/jobs/${jobId}`, {}), 'State'],
    'GET /jobs': [await send('GET', '/jobs', { query: [['size', '1']] }), 'State'],
    'GET /dnadb': [await send('GET', '/dnadb', { query: [['ids', library]] }), 'DNADbId'],
    'GET /dnadb_files': [await send('GET', '/dnadb_files', { query: [['dnaDbId', library]] }), 'TotalCount'],
    'GET /queue': [queues, 'TotalCount'],
    'PUT /queue/{id}': [await send('PUT', `/queue/${textOf(queues, 'QueueId')}`, { body: update }), 'Name'],
  } as const
  const texts = Object.entries(answers).map(([call, [answer, name]]) => [
    call,
    [answer.status, textOf(answer, name)],
  ])
  const cancelled = await send('PUT', `/jobs/${jobId}`, { query: [['cancel', '']] })
  return { ...Object.fromEntries(texts), 'PUT /jobs/{id}': [cancelled.status, await stateOf(jobId)] }
}

/** What `everyCall` returns in a paused queue. */
function everyAnswer() {
  return {
    'POST /jobs': [200, 'Pause'],
    'GET /jobs/{id}': [200, 'Pause'],
    'GET /jobs': [200, 'Pause'],
    'GET /dnadb': [200, library],
    'GET /dnadb_files': [200, '0'],
    'GET /queue': [200, '1'],
    'PUT /queue/{id}': [200, 'renamed'],
    'PUT /jobs/{id}': [200, 'Cancel'],
  }
}

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
    const parts = [searchOf(query), unsigned].filter((part) => part)
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

  test('makes every call of the API, as Python signs it', { tags: ['python-calls'] }, async () => {
    expect(await everyCall(python)).toEqual(everyAnswer())
  })

  test('submits and cancels with a host signed without its port and an unsigned cancel', {
    tags: ['python-cancel'],
  }, async () => {
    const made = await python('POST', '/jobs', { body: newBody() })
    expectHeaders(made)
    const jobId = textOf(made, 'JobId')
    const cancelled = await python('PUT', `/jobs/${jobId}`, { unsigned: 'cancel' })
    expectGolden(cancelled, 'put-jobs')
    expect(await stateOf(jobId)).toBe('Cancel')
  })

  test('lists jobs with every parameter present, empty and signed', { tags: ['python-list'] }, async () => {
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
    expect([libraries.status, textOf(libraries, 'TotalCount')]).toEqual([200, '1'])
    const queues = await python('GET', '/queue', {
      query: [['state', 'All'], ...empty(['queueIds', 'pageNumber', 'pageSize'])],
    })
    expect([queues.status, textsOf(queues, 'QueueId').length]).toEqual([200, 1])
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
    const target = query.length === 0 ? path : `${path}?${searchOf(query).replaceAll('%20', '+')}`
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

  test('makes every call of the API, as Go signs it', { tags: ['go-calls'] }, async () => {
    expect(await everyCall(go)).toEqual(everyAnswer())
  })

  test('submits with Content-MD5 and without a JobLevel of 0', { tags: ['go-post'] }, async () => {
    const body = `<Request>\n  <Tag>DNA</Tag>\n  <Input>\n    <Object>go.mp4</Object>\n  </Input>\n  <Operation>\n    <DnaConfig><DnaDbId>${library}</DnaDbId><RuleType>FindSimilarVideo</RuleType></DnaConfig>\n  </Operation>\n</Request>`
    const made = await go('POST', '/jobs', { body })
    expect([made.status, textOf(made, 'JobLevel'), textOf(made, 'Object')]).toEqual([200, '0', 'go.mp4'])
  })

  test('submits several operations at once and gets one job for each, in order', {
    tags: ['go-operations'],
  }, async () => {
    const operation = (data: string) =>
      `<Operation><UserData>${data}</UserData><DnaConfig><RuleType>FindSimilarVideo</RuleType><DnaDbId>${library}</DnaDbId></DnaConfig></Operation>`
    const body = `<Request><Tag>DNA</Tag><Input><Object>go-multi.mp4</Object></Input>${operation('first')}${operation('second')}</Request>`
    const made = await go('POST', '/jobs', { body })
    expect([made.status, textsOf(made, 'UserData')]).toEqual([200, ['first', 'second']])
    expect(new Set(textsOf(made, 'JobId')).size).toBe(2)
  })

  test('gets an integer for every field that it declares as int', { tags: ['go-numbers'] }, async () => {
    const made = await go('POST', '/jobs', { body: newBody() })
    const libraries = await go('GET', '/dnadb', {})
    const queues = await go('GET', '/queue', { query: [['pageSize', '10']] })
    const head = ['TotalCount', 'PageNumber', 'PageSize']
    for (const [answer, names] of [
      [made, ['Progress', 'JobLevel']],
      [libraries, [...head, 'Capacity']],
      [queues, [...head, 'MaxSize', 'MaxConcurrent']],
    ] as const)
      for (const name of names) expect(textOf(answer, name), name).toMatch(/^\d+$/)
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
      target: query.length === 0 ? path : `${path}?${searchOf(query)}`,
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

  test('makes every call of the API, as Java signs it', { tags: ['java-calls'] }, async () => {
    expect(await everyCall(java)).toEqual(everyAnswer())
  })

  test('cancels with a PUT without a query and with unsigned headers', {
    tags: ['java-cancel'],
  }, async () => {
    const jobId = textOf(await java('POST', '/jobs', { body: newBody() }), 'JobId')
    expectGolden(await java('PUT', `/jobs/${jobId}`), 'put-jobs')
    expect(await stateOf(jobId)).toBe('Cancel')
  })

  test('gets one job with a size parameter and reads the last child of Input as the object', {
    tags: ['java-get'],
  }, async () => {
    const jobId = await waiting()
    const answer = await java('GET', `/jobs/${jobId}`, { query: [['size', '10']] })
    expect([answer.status, textOf(answer, 'JobId')]).toEqual([200, jobId])
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

  test('is identified by the authority of its target instead of the Host header', {
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
