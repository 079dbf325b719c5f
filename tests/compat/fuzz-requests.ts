import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { bodies, mangled, queueBody, text } from './fuzz-bodies.ts'
import { authorizationOf, encode, type KeyPair, type Pair } from './sign.ts'

/** Existing ids and names that a fuzzed request can use. */
export type Ground = {
  readonly url: string
  readonly key: KeyPair
  readonly library: string
  readonly queueId: string
  /** Jobs created so far. Grows during the run. */
  readonly jobIds: string[]
}

/** The parts of a request before it is signed. */
export type FuzzedRequest = {
  readonly method: string
  /** Percent-encoded. */
  readonly path: string
  readonly query: readonly Pair[]
  readonly headers: readonly Pair[]
  readonly body: string | null
  readonly signing: 'right' | 'wrong' | 'none' | 'presigned'
  readonly host: string
}

const names = [
  ...[
    'ids',
    'pageSize',
    'pageNumber',
    'object',
    'dnaDbId',
    'size',
    'states',
    'state',
    'nextToken',
    'queueIds',
    'category',
  ],
  ...[
    'orderByTime',
    'startCreationTime',
    'endCreationTime',
    'inputObject',
    'workflowId',
    'tag',
    'queueId',
    'cancel',
  ],
]
const values = [
  ...[
    '',
    '1',
    '5',
    '100',
    '101',
    'All',
    'Active',
    'Paused',
    'Submitted,Failed',
    'Asc',
    'Desc',
    'DNA',
    'CateAll',
  ],
  ...[
    '2001-01-01T00:00:00+0800',
    '2099-12-31T23:59:59Z',
    '2001-02-30T00:00:00+0800',
    'WzEsMTY1NjMxNDU5MDAwMCw3XQ',
  ],
]
/** A plausible value of the parameter of that name. */
const likely: Readonly<Record<string, readonly string[]>> = {
  size: ['1', '100', ''],
  pageSize: ['1', '100', ''],
  pageNumber: ['1', '2', '1000000', ''],
  states: ['All', 'Submitted,Failed', 'Cancel', ''],
  state: ['Active', 'Paused', 'All', ''],
  orderByTime: ['Asc', 'Desc', ''],
  nextToken: ['WzEsMTY1NjMxNDU5MDAwMCw3XQ', ''],
  startCreationTime: ['2001-01-01T00:00:00+0800', ''],
  endCreationTime: ['2099-12-31T23:59:59Z', ''],
  tag: ['DNA', ''],
  category: ['CateAll', 'Transcoding', ''],
}

const likelyField = fc
  .constantFrom(...names)
  .chain((name) =>
    fc.tuple(fc.constant(name), fc.constantFrom(...(likely[name] ?? ['a', 'input/a.mp4', '']))),
  )

const query = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: likelyField },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...names), fc.oneof(fc.constantFrom(...values), text)) },
    { weight: 1, arbitrary: fc.tuple(text, text) },
  ),
  { maxLength: 4 },
)

const printable = fc.string({ maxLength: 40 }).map((value) => value.replace(/[^ -~]/g, ''))
const headerNames = [
  ...[
    'Accept',
    'Range',
    'If-None-Match',
    'Cookie',
    'Content-Type',
    'Content-MD5',
    'Content-Encoding',
    'Expect',
  ],
  ...[
    'X-Forwarded-Host',
    'X-Forwarded-For',
    'x-cos-security-token',
    'x-ci-security-token',
    'Upgrade',
    'Origin',
    'Date',
  ],
]
const headers = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...headerNames), printable) },
    { weight: 2, arbitrary: fc.tuple(fc.stringMatching(/^x-[a-z]{1,10}$/), printable) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Pair>(
        ['Content-Type', 'application/xml'],
        ['Content-Type', 'application/json'],
        ['Expect', '100-continue'],
        ['Content-Encoding', 'gzip'],
        ['X-Filler', 'a'.repeat(9000)],
        ['X-Filler', 'a'.repeat(20_000)],
      ),
    },
  ),
  { maxLength: 3 },
)

const hosts = [
  '127.0.0.1',
  'films-1250000000.ci.ap-chongqing.myqcloud.com',
  'x.ci.',
  'a:b',
  '[::1]:80',
  'films-1.ci.x:99999',
]

function someJob(ground: Ground): fc.Arbitrary<string> {
  return fc.nat().map((n) => ground.jobIds[n % Math.max(1, ground.jobIds.length)] ?? 'j0')
}

const anyMethod = fc.constantFrom(
  ...['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'PURGE', 'NONE'],
)

function anyPath(ground: Ground): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 2, arbitrary: text.map((id) => `/jobs/${encode(id)}`) },
    { weight: 2, arbitrary: text.map((id) => `/queue/${encode(id)}`) },
    { weight: 1, arbitrary: text.map((name) => `/x${encode(name)}`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        ...[
          '/jobs/%ff',
          '/jobs/%',
          '/jobs/%00',
          '/jobs/%2e%2e',
          '/jobs/a;b',
          '/%6aobs',
          '//jobs',
          '/jobs/',
          '/queue/p0',
        ],
        ...['/jobs', '/dnadb', '/dnadb_files', '/queue', `/queue/${ground.queueId}`],
      ),
    },
  )
}

type Route = Pick<FuzzedRequest, 'method' | 'path' | 'body'>

function routeOf(ground: Ground): fc.Arbitrary<Route> {
  const to = (
    weight: number,
    method: string,
    path: fc.Arbitrary<string>,
    body = fc.constant<string | null>(null),
  ) => ({
    weight,
    arbitrary: fc.record({ method: fc.constant(method), path, body }),
  })
  const ids = fc.array(someJob(ground), { minLength: 1, maxLength: 25 }).map((list) => list.join(','))
  return fc.oneof(
    to(10, 'POST', fc.constantFrom('/jobs', '/jobs', '/films-125/jobs'), bodies(ground)),
    to(4, 'GET', fc.constant('/jobs')),
    to(4, 'GET', fc.constantFrom('/dnadb', '/dnadb_files', '/dnadbfiles', '/queue')),
    to(
      3,
      'GET',
      ids.map((list) => `/jobs/${list}`),
    ),
    to(
      3,
      'PUT',
      someJob(ground).map((jobId) => `/jobs/${jobId}`),
      fc.constantFrom('', '<a/>'),
    ),
    to(2, 'PUT', fc.constant(`/queue/${ground.queueId}`), fc.oneof(queueBody, mangled(queueBody))),
    {
      weight: 4,
      arbitrary: fc.record({ method: anyMethod, path: anyPath(ground), body: fc.option(bodies(ground)) }),
    },
  )
}

/** One request. Most have a valid signature, so that they reach the code after the check. */
export function fuzzedRequest(ground: Ground): fc.Arbitrary<FuzzedRequest> {
  return fc
    .record({
      route: routeOf(ground),
      query,
      headers,
      signing: fc.oneof(
        { weight: 18, arbitrary: fc.constant<FuzzedRequest['signing']>('right') },
        { weight: 3, arbitrary: fc.constantFrom<FuzzedRequest['signing'][]>('presigned', 'wrong', 'none') },
      ),
      host: fc.oneof(
        { weight: 5, arbitrary: fc.constant(new URL(ground.url).host) },
        { weight: 1, arbitrary: fc.constantFrom(...hosts) },
      ),
    })
    .map(({ route, ...rest }) => ({ ...route, ...rest }))
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** A malformed Authorization header, from random text to a single wrong character. */
function spoil(authorization: string, request: FuzzedRequest): string {
  const hash = createHash('sha1').update(JSON.stringify(request)).digest()
  const at = hash.readUInt16BE(0) % authorization.length
  const put = String.fromCharCode(33 + ((hash[2] ?? 0) % 90))
  return authorization.slice(0, at) + put + authorization.slice(at + ((hash[3] ?? 0) % 9))
}

/** The bytes of a request, with the signature that it asks for. */
export function bytesOf({ key }: Ground, request: FuzzedRequest): Uint8Array {
  const { method, path, query: pairs, headers: extra, host, signing } = request
  // Clients send no body with GET, and length 0 with a PUT or POST without a body.
  const body = method === 'GET' || method === 'HEAD' ? null : request.body
  const bytes = Buffer.from(body ?? '')
  const length: readonly Pair[] = body === null ? [] : [['Content-Length', String(bytes.length)]]
  const md5: readonly Pair[] = extra.some(([name, value]) => name === 'Content-MD5' && value.length % 2 === 0)
    ? [['Content-MD5', createHash('md5').update(bytes).digest('base64')]]
    : []
  const sent: readonly Pair[] = [
    ...length,
    ...md5,
    ...extra.filter(([name]) => md5.length === 0 || name !== 'Content-MD5'),
  ]
  const authorization = authorizationOf({
    method,
    path: decoded(path).replaceAll('\u0000', '%00'),
    params: pairs,
    headers: [['host', host]],
    key,
  })
  const presigned =
    signing === 'presigned' ? authorization.split('&').map((field) => field.replace(';', '%3B')) : []
  const search = [...pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`), ...presigned].join('&')
  const authorized: readonly Pair[] =
    signing === 'right'
      ? [['Authorization', authorization]]
      : signing === 'wrong'
        ? [['Authorization', spoil(authorization, request)]]
        : []
  const lines = [['Host', host] as const, ...sent, ...authorized].map(([name, value]) => `${name}: ${value}`)
  const head = `${method} ${search === '' ? path : `${path}?${search}`} HTTP/1.1\r\n${lines.join('\r\n')}`
  return Buffer.concat([Buffer.from(`${head}\r\nConnection: close\r\n\r\n`, 'latin1'), bytes])
}
