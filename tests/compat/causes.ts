import type { Call } from './sdk.ts'

/** The rows in the product that the requests below refer to. */
export type Scene = {
  readonly library: string
  readonly queueId: string
  /** A job that has ended. */
  readonly ended: string
}

export type Cause = {
  readonly cause: string
  readonly status: number
  readonly code: string
  readonly call: (scene: Scene) => Call
  /** The signing key. Default: the first key. */
  readonly by?: 'narrow' | 'reader' | 'stranger' | 'liar'
  /** How far ahead the client's clock is, in milliseconds. */
  readonly clockMs?: number
}

type Change = readonly [from: string, to: string]

function plain(library: string): string {
  return (
    '<Request><Tag>DNA</Tag><Input><Object>input/x.mp4</Object></Input><Operation><DnaConfig>' +
    `<RuleType>FindSimilarVideo</RuleType><DnaDbId>${library}</DnaDbId></DnaConfig></Operation></Request>`
  )
}

/** A valid request with one change. */
const posted =
  (...[from, to]: Change) =>
  ({ library }: Scene): Call => {
    const body = plain(library)
    if (!body.includes(from)) throw new Error(`${from} is not in the request.`)
    return { method: 'POST', key: 'jobs', body: body.replace(from, to) }
  }

const got =
  (key: string, query: Readonly<Record<string, string>> = {}) =>
  (): Call => ({ method: 'GET', key, query })

function invalid(cause: string, call: Cause['call']): Cause {
  return {
    cause,
    status: 400,
    code: 'InvalidArgument',
    call,
  }
}

const END = '</Operation>'
const RULE = '<RuleType>FindSimilarVideo</RuleType>'
function ids(count: number): string {
  return Array.from({ length: count }, (_, n) => `j${n}`).join(',')
}

const badJobs: readonly Cause[] = [
  invalid('no Tag', posted('<Tag>DNA</Tag>', '')),
  invalid('an unknown Tag', posted('<Tag>DNA</Tag>', '<Tag>Transcode</Tag>')),
  invalid('no Input', posted('<Input><Object>input/x.mp4</Object></Input>', '')),
  invalid('no Object', posted('<Object>input/x.mp4</Object>', '<Object/>')),
  invalid('an Object outside its bucket', posted('input/x.mp4', '../other-1/x.mp4')),
  invalid('no RuleType', posted(RULE, '')),
  invalid('an unknown RuleType', posted(RULE, '<RuleType>Other</RuleType>')),
  invalid('no DnaDbId', ({ library }) => posted(`<DnaDbId>${library}</DnaDbId>`, '')({ library } as Scene)),
  invalid('an unknown library', ({ library }) => posted(library, 'Db0')({ library } as Scene)),
  invalid('a delete without VideoId', posted('FindSimilarVideo', 'DeleteFingerPrint')),
  invalid(
    'a delete of a VideoId that is not in the library',
    posted(RULE, '<RuleType>DeleteFingerPrint</RuleType><VideoId>dv0</VideoId>'),
  ),
  invalid('a JobLevel of 3', posted(END, `<JobLevel>3</JobLevel>${END}`)),
  invalid('UserData of 1025 characters', posted(END, `<UserData>${'測'.repeat(1025)}</UserData>${END}`)),
  invalid('an unknown queue', posted('</Request>', '<QueueId>p0</QueueId></Request>')),
  invalid(
    'an unknown CallBackFormat',
    posted('</Request>', '<CallBackFormat>YAML</CallBackFormat></Request>'),
  ),
  invalid('an unknown CallBackType', posted('</Request>', '<CallBackType>Mail</CallBackType></Request>')),
  invalid(
    'a CallBack that is not a valid address',
    posted('</Request>', '<CallBack>ftp://x</CallBack></Request>'),
  ),
  invalid('TDMQ without its config', posted('</Request>', '<CallBackType>TDMQ</CallBackType></Request>')),
  invalid(
    'TDMQ without a configured broker',
    posted(
      '</Request>',
      '<CallBackType>TDMQ</CallBackType><CallBackMqConfig><MqRegion>r</MqRegion><MqName>n</MqName></CallBackMqConfig></Request>',
    ),
  ),
]

const badQueries: readonly Cause[] = [
  invalid('a size of 101', got('jobs', { size: '101' })),
  invalid('a size of 0', got('jobs', { size: '0' })),
  invalid('an unknown state', got('jobs', { states: 'Submitted,Done' })),
  invalid('an unknown order', got('jobs', { orderByTime: 'Up' })),
  invalid('a token that the server did not issue', got('jobs', { nextToken: 'x' })),
  invalid('a time in another format', got('jobs', { startCreationTime: 'yesterday' })),
  invalid('more than 20 job ids', got(`jobs/${ids(21)}`)),
  invalid('more than 20 library ids', got('dnadb', { ids: ids(21) })),
  invalid('a pageSize of 101', got('dnadb', { pageSize: '101' })),
  invalid('a pageNumber of 0', got('dnadb_files', { pageNumber: '0' })),
  invalid('more than 10 queue ids', got('queue', { queueIds: ids(11) })),
  invalid('an unknown queue state', got('queue', { state: 'Asleep' })),
]

const badChanges: readonly Cause[] = [
  invalid('cancelling a job that has ended', ({ ended }) => ({ method: 'PUT', key: `jobs/${ended}` })),
  invalid('cancelling an unknown job', () => ({ method: 'PUT', key: 'jobs/j0' })),
  invalid('changing an unknown queue', () => ({
    method: 'PUT',
    key: 'queue/p0',
    body: '<Request><Name>x</Name></Request>',
  })),
  invalid('a queue name of 129 bytes', ({ queueId }) => ({
    method: 'PUT',
    key: `queue/${queueId}`,
    body: `<Request><Name>${'ä'.repeat(64)}x</Name></Request>`,
  })),
  invalid('changing a queue to an unknown state', ({ queueId }) => ({
    method: 'PUT',
    key: `queue/${queueId}`,
    body: '<Request><State>Asleep</State></Request>',
  })),
]

function content(cause: string, body: string): Cause {
  return {
    cause,
    status: 400,
    code: 'InvalidContent',
    call: () => ({ method: 'POST', key: 'jobs', body }),
  }
}

const badBodies: readonly Cause[] = [
  {
    cause: 'an empty body',
    status: 400,
    code: 'MissingContent',
    call: () => ({ method: 'POST', key: 'jobs', body: ' ' }),
  },
  content('a body that is not XML', '{}'),
  content(
    'the unclosed CallBackFormat of the public samples',
    '<Request><CallBackFormat>JSON<CallBackFormat></Request>',
  ),
  content('a document type', '<!DOCTYPE Request [<!ENTITY a "b">]><Request>&a;</Request>'),
  {
    cause: 'a Content-MD5 of another body',
    status: 400,
    code: 'InvalidContent',
    call: (scene) => ({
      ...posted('<Tag>DNA</Tag>', '<Tag>DNA</Tag>')(scene),
      headers: { 'Content-MD5': '1B2M2Y8AsgTpgAmY7PhCfg==' },
    }),
  },
  {
    cause: 'a body of more than 1 MiB',
    status: 413,
    code: 'InvalidContent',
    call: () => ({ method: 'POST', key: 'jobs', body: ' '.repeat(1_048_577) }),
  },
  {
    cause: 'a compressed body',
    status: 501,
    code: 'NotImplemented',
    call: (scene) => ({
      ...posted('<Tag>DNA</Tag>', '<Tag>DNA</Tag>')(scene),
      headers: { 'Content-Encoding': 'gzip' },
    }),
  },
]

const HOUR_MS = 3_600_000

const badSignatures: readonly Cause[] = [
  {
    cause: 'a SecretId that does not exist',
    status: 401,
    code: 'SecretidNotExist',
    call: got('dnadb'),
    by: 'stranger',
  },
  {
    cause: 'a secret of another key',
    status: 403,
    code: 'SignatureDoesNotMatch',
    call: got('dnadb'),
    by: 'liar',
  },
  {
    cause: 'a clock that is an hour slow',
    status: 401,
    code: 'SignatureExpired',
    call: got('dnadb'),
    clockMs: -HOUR_MS,
  },
  {
    cause: 'a clock that is an hour fast',
    status: 401,
    code: 'SignatureExpired',
    call: got('dnadb'),
    clockMs: HOUR_MS,
  },
  {
    cause: 'an action that the key does not allow',
    status: 403,
    code: 'AccessDenied',
    call: got('queue'),
    by: 'reader',
  },
]

const badPaths: readonly Cause[] = [
  {
    cause: 'an unknown path',
    status: 404,
    code: 'InvalidUrl',
    call: () => ({ method: 'POST', key: 'pic_jobs', body: '<Request/>' }),
  },
  {
    cause: 'a method that the path does not support',
    status: 404,
    code: 'InvalidUrl',
    call: () => ({ method: 'DELETE', key: 'jobs' }),
  },
]

/** Every error in the public table that a single SDK request can cause. */
export const causes: readonly Cause[] = [
  ...badJobs,
  ...badQueries,
  ...badChanges,
  ...badBodies,
  ...badSignatures,
  ...badPaths,
]
