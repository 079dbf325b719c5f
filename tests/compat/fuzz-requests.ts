import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { authorizationOf, encode, type KeyPair, type Pair } from './sign.ts'

/** What a fuzzed request can name that exists. */
export type Ground = {
  readonly url: string
  readonly key: KeyPair
  readonly library: string
  readonly queueId: string
  /** Jobs seen so far; grows while the requests are sent. */
  readonly jobIds: string[]
}

/** A request in parts, before it is signed. */
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

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 900, maxLength: 2500 }) },
  { weight: 2, arbitrary: fc.integer().map(String) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '',
      '0',
      '1',
      '-1',
      '1e3',
      'no',
      '\u0000',
      '%',
      '../..',
      "' or 1=1--",
      '&amp;',
    ),
  },
)

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
const query = fc.array(
  fc.tuple(
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: text }),
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...values) }, { weight: 2, arbitrary: text }),
  ),
  { maxLength: 5 },
)

const escaped = (value: string): string =>
  value.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')

/** An element with a likely text, an unlikely one, twice, or not at all. */
const element = (name: string, likely: readonly string[]): fc.Arbitrary<string> => {
  const write = (value: string) => `<${name}>${value}</${name}>`
  const good = fc.constantFrom(...likely).map(write)
  return fc.oneof(
    { weight: 12, arbitrary: good },
    { weight: 2, arbitrary: text.map((value) => write(escaped(value))) },
    { weight: 1, arbitrary: text.map((value) => write(`<![CDATA[${value}]]>`)) },
    { weight: 1, arbitrary: fc.constant(`<${name}/>`) },
    { weight: 1, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: good.map((one) => one + one) },
    { weight: 1, arbitrary: good.map((one) => write(one)) },
  )
}

const sequence = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.shuffledSubarray(
        parts.map((_, index) => index),
        { minLength: parts.length },
      ),
      fc.tuple(...parts),
    )
    .map(([order, texts]) => order.map((index) => texts[index]).join(''))

const wrapped = (name: string, inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  inner.map((children) => `<${name}>${children}</${name}>`)

/** Callbacks lead to nobody: loopback is refused, and nothing here is a public address. */
const callback = sequence(
  element('CallBack', ['', 'no', 'http://127.0.0.1:9/x', 'http://[::1]/x', 'https://10.0.0.1/']),
  element('CallBackFormat', ['XML', 'JSON', 'json', '']),
  element('CallBackType', ['Url', 'URL', '', '', 'TDMQ']),
  element('CallBackMqConfig', ['<MqRegion>r</MqRegion><MqMode>Queue</MqMode><MqName>n</MqName>', '']),
)

const jobBody = ({ library, queueId }: Ground): fc.Arbitrary<string> =>
  wrapped(
    'Request',
    sequence(
      element('Tag', ['DNA']),
      wrapped('Input', element('Object', ['input/a.mp4', 'b.mp4', '测试/ü.mp4'])),
      wrapped(
        'Operation',
        sequence(
          wrapped(
            'DnaConfig',
            sequence(
              element('RuleType', [
                'GetFingerPrint',
                'FindSimilarVideo',
                'FindSimilarVideo',
                'DeleteFingerPrint',
              ]),
              element('DnaDbId', [library]),
              element('VideoId', ['dv0', '']),
            ),
          ),
          element('UserData', ['data', '']),
          element('JobLevel', ['0', '1', '2', '']),
        ),
      ),
      element('QueueId', [queueId, '', '']),
      fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: callback }),
    ),
  )

const queueBody = wrapped(
  'Request',
  sequence(
    element('Name', ['films', 'ü & <x>'].map(escaped)),
    element('State', ['Active', 'Active', 'Paused', '']),
    fc.oneof(
      fc.constant(''),
      wrapped(
        'NotifyConfig',
        sequence(
          element('Url', ['http://127.0.0.1:9/', '']),
          element('State', ['On', 'Off']),
          element('Type', ['Url', 'TDMQ']),
          element('Event', ['TaskFinish', 'TaskFinish,WorkflowFinish']),
          element('ResultFormat', ['XML', 'JSON']),
          element('MqName', ['', 'q']),
        ),
      ),
    ),
  ),
)

/** XML with a piece cut out, put in or doubled. */
const mangled = (body: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      body,
      fc.nat(),
      fc.nat({ max: 30 }),
      fc.oneof(text, fc.constantFrom('<', '>', '&', ']]>', '<!DOCTYPE x>', '<!--', '<?x?>')),
    )
    .map(([whole, from, length, put]) => {
      const start = from % (whole.length + 1)
      return whole.slice(0, start) + put + whole.slice(start + length)
    })

const nested = fc.nat({ max: 20_000 }).map((depth) => '<a>'.repeat(depth) + '</a>'.repeat(depth))

const bodies = (ground: Ground): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 10, arbitrary: jobBody(ground) },
    { weight: 3, arbitrary: queueBody },
    { weight: 4, arbitrary: mangled(jobBody(ground)) },
    { weight: 1, arbitrary: mangled(queueBody) },
    { weight: 2, arbitrary: text },
    { weight: 1, arbitrary: nested },
    {
      weight: 1,
      arbitrary: fc.nat({ max: 1_100_000 }).map((size) => `<Request>${' '.repeat(size)}</Request>`),
    },
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

const pathOf = (ground: Ground): fc.Arbitrary<string> => {
  const job = fc.nat().map((n) => ground.jobIds[n % Math.max(1, ground.jobIds.length)] ?? 'j0')
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('/jobs') },
    { weight: 4, arbitrary: fc.constantFrom('/dnadb', '/dnadb_files', '/dnadbfiles', '/queue') },
    { weight: 4, arbitrary: job.map((jobId) => `/jobs/${jobId}`) },
    { weight: 1, arbitrary: fc.array(job, { maxLength: 25 }).map((ids) => `/jobs/${ids.join(',')}`) },
    { weight: 2, arbitrary: text.map((id) => `/jobs/${encode(id)}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        `/queue/${ground.queueId}`,
        '/queue/p0',
        '/films-125/jobs',
        '//jobs',
        '/jobs/',
      ),
    },
    { weight: 1, arbitrary: text.map((id) => `/queue/${encode(id)}`) },
    { weight: 1, arbitrary: text.map((name) => `/x${encode(name)}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('/jobs/%ff', '/jobs/%', '/jobs/%00', '/jobs/%2e%2e', '/jobs/a;b', '/%6aobs'),
    },
  )
}

/** One request; nearly all of them signed rightly, so that they reach what is behind the door. */
export const fuzzedRequest = (ground: Ground): fc.Arbitrary<FuzzedRequest> =>
  fc.record({
    method: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('GET', 'POST', 'PUT') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'PURGE', 'NONE'),
      },
    ),
    path: pathOf(ground),
    query,
    headers,
    body: fc.oneof({ weight: 5, arbitrary: bodies(ground) }, { weight: 1, arbitrary: fc.constant(null) }),
    signing: fc.oneof(
      { weight: 18, arbitrary: fc.constant<FuzzedRequest['signing']>('right') },
      { weight: 3, arbitrary: fc.constantFrom<FuzzedRequest['signing'][]>('presigned', 'wrong', 'none') },
    ),
    host: fc.oneof(
      { weight: 5, arbitrary: fc.constant(new URL(ground.url).host) },
      { weight: 1, arbitrary: fc.constantFrom(...hosts) },
    ),
  })

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** A broken Authorization: anything between nonsense and one wrong character. */
const spoil = (authorization: string, request: FuzzedRequest): string => {
  const hash = createHash('sha1').update(JSON.stringify(request)).digest()
  const at = hash.readUInt16BE(0) % authorization.length
  const put = String.fromCharCode(33 + ((hash[2] ?? 0) % 90))
  return authorization.slice(0, at) + put + authorization.slice(at + ((hash[3] ?? 0) % 9))
}

/** The bytes of a request, signed as it says. */
export function bytesOf({ key }: Ground, request: FuzzedRequest): Uint8Array {
  const { method, path, query: pairs, headers: extra, host, signing } = request
  // GET has no body with any client, and one without a body says so.
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
