import { actionNames, openApiDocument } from '@kinoprint/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import type { RawAnswer } from './raw-http.ts'
import { createSdk, releases, SDK_BUCKET } from './sdk.ts'
import type { KeyPair } from './sign.ts'
import { OFFICIAL_HOST, openStage, type Stage } from './stage.ts'

let stage: Stage
let library: string
let foreign: string
let jobId: string
let queueId: string
let videoId: string

beforeAll(async () => {
  stage = await openStage()
  library = await stage.library()
  foreign = await stage.library()
  await stage.put('policy/stored.mp4', { seed: 81, seconds: 4 })
  const storing = { rule: 'GetFingerPrint', library, object: 'policy/stored.mp4' } as const
  const stored = await stage.raw({ method: 'POST', path: '/jobs', body: jobXml(storing) })
  const ended = await stage.admin.ended(text(stored, 'JobId'))
  videoId = ended.Operation.DNAResult?.VideoId ?? ''
  await stage.queue('Paused')
  const made = await submit(stage.key, library)
  jobId = text(made, 'JobId')
  queueId = text(made, 'QueueId')
})
afterAll(() => stage.close(), 40_000)

const text = (answer: RawAnswer, name: string): string =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer.text)?.[1] ?? ''

let objects = 0
const submit = (key: KeyPair, into: string, host = OFFICIAL_HOST) => {
  objects += 1
  const body = jobXml({ rule: 'FindSimilarVideo', library: into, object: `policy/${objects}.mp4` })
  return stage.raw({ method: 'POST', path: '/jobs', body, host }, key)
}
const get = (key: KeyPair, path: string, host = OFFICIAL_HOST) =>
  stage.raw({ method: 'GET', path, host }, key)

/** Every action of the policies, and the routes that need it. */
const routes: Readonly<Record<string, readonly ((key: KeyPair) => Promise<RawAnswer>)[]>> = {
  'ci:CreateMediaJobs': [(key) => submit(key, library)],
  'ci:DescribeMediaJob': [(key) => get(key, `/jobs/${jobId}`)],
  'ci:DescribeMediaJobs': [(key) => get(key, '/jobs')],
  'ci:CancelMediaJob': [
    async (key) => {
      const waiting = text(await submit(stage.key, library), 'JobId')
      return stage.raw({ method: 'PUT', path: `/jobs/${waiting}` }, key)
    },
  ],
  'ci:DescribeMediaQueues': [(key) => get(key, '/queue')],
  'ci:UpdateMediaQueue': [
    (key) =>
      stage.raw({ method: 'PUT', path: `/queue/${queueId}`, body: '<Request><Name>q</Name></Request>' }, key),
  ],
  'ci:DescribeMediaDnaDbs': [(key) => get(key, '/dnadb')],
  'ci:DescribeMediaDnaDbFiles': [(key) => get(key, '/dnadb_files'), (key) => get(key, '/dnadbfiles')],
}

describe('a key of one action', () => {
  test.each(Object.keys(routes))(
    '%s reaches its own route and no other',
    { tags: ['key-scope', 'policy'] },
    async (action) => {
      const key = await stage.newKey({ actions: [action] })
      for (const [needed, sends] of Object.entries(routes)) {
        for (const send of sends) {
          const answer = await send(key)
          const wanted = needed === action ? [200, ''] : [403, 'AccessDenied']
          expect([answer.status, answer.status === 200 ? '' : text(answer, 'Code')], needed).toEqual(wanted)
        }
      }
    },
  )
})

describe('the table of actions', () => {
  test('holds every signed route of the API document', () => {
    const { paths } = openApiDocument({ version: '0' })
    const signed = Object.entries(paths).flatMap(([path, verbs]) =>
      Object.entries(verbs).flatMap(([verb, route]) =>
        JSON.stringify(route).includes('"signature"') ? [`${verb} ${path}`] : [],
      ),
    )
    expect(signed.length).toBe(Object.values(routes).flat().length)
    expect([...actionNames].sort()).toEqual(Object.keys(routes).sort())
  })

  test('knows no key without actions', async () => {
    await expect(stage.newKey({ actions: [] })).rejects.toThrow(/answered 400/)
  })
})

type Refusal = {
  readonly route: string
  readonly send: (key: KeyPair, host: string) => Promise<RawAnswer>
  /** What stands in the answer of a key that may see it, or is missing in one that may not. */
  readonly shows?: () => string
  readonly answer?: string
}

/** What is stored, through every route that could show or change it. */
const refusals: readonly Refusal[] = [
  {
    route: 'GET /jobs',
    send: (key, host) =>
      stage.raw(
        {
          method: 'GET',
          path: '/jobs',
          query: [
            ['orderByTime', 'Asc'],
            ['size', '100'],
          ],
          host,
        },
        key,
      ),
    shows: () => `<JobId>${jobId}<`,
  },
  {
    route: 'GET /jobs/{id}',
    send: (key, host) => get(key, `/jobs/${jobId}`, host),
    shows: () => `<JobId>${jobId}<`,
  },
  {
    route: 'PUT /jobs/{id}',
    send: (key, host) => stage.raw({ method: 'PUT', path: `/jobs/${jobId}`, host }, key),
    answer: 'InvalidArgument',
  },
  { route: 'GET /dnadb_files', send: (key, host) => get(key, '/dnadb_files', host), shows: () => videoId },
  { route: 'GET /dnadbfiles', send: (key, host) => get(key, '/dnadbfiles', host), shows: () => videoId },
  {
    route: 'GET /dnadb_files?dnaDbId',
    send: (key, host) =>
      stage.raw({ method: 'GET', path: '/dnadb_files', query: [['dnaDbId', library]], host }, key),
    shows: () => videoId,
  },
  {
    route: 'POST /jobs that deletes',
    send: (key, host) => {
      const body = jobXml({ rule: 'DeleteFingerPrint', library, object: 'x.mp4', videoId })
      return stage.raw({ method: 'POST', path: '/jobs', body, host }, key)
    },
    answer: 'InvalidArgument',
  },
]

describe('what belongs to another', () => {
  const policies = [
    { what: 'library', policy: () => ({ libraries: [foreign] }), host: OFFICIAL_HOST },
    { what: 'bucket', policy: () => ({ buckets: ['other-125'] }), host: 'other-125.ci.ap-x.myqcloud.com' },
  ] as const
  const cases = policies.flatMap((policy) => refusals.map((refusal) => ({ ...policy, ...refusal })))

  test.each(cases)(
    '$what is neither seen nor touched through $route',
    { tags: ['key-scope'] },
    async (refusal) => {
      const { policy, host, send, shows, answer } = refusal
      const seen = await send(await stage.newKey(policy()), host)
      if (answer !== undefined) expect(text(seen, 'Code')).toBe(answer)
      if (shows === undefined) return
      expect(seen.text).not.toContain(shows())
      expect((await send(stage.key, OFFICIAL_HOST)).text).toContain(shows())
    },
  )

  test('is still there afterwards', async () => {
    expect(text(await get(stage.key, '/dnadb_files'), 'VideoId')).toBe(videoId)
    expect(text(await get(stage.key, `/jobs/${jobId}`), 'State')).toBe('Pause')
  })
})

describe('a key of one library', () => {
  test('sees it alone, and its jobs alone', { tags: ['key-library'] }, async () => {
    const key = await stage.newKey({ libraries: [foreign] })
    const listed = await get(key, '/dnadb')
    expect([text(listed, 'TotalCount'), text(listed, 'DNADbId')]).toEqual(['1', foreign])
    const asked = await stage.raw({ method: 'GET', path: '/dnadb', query: [['ids', library]] }, key)
    expect(text(asked, 'NonExistIDs')).toBe(library)
    expect((await submit(key, foreign)).status).toBe(200)
    expect(text(await submit(key, library), 'Code')).toBe('InvalidArgument')
    expect(text(await get(key, `/jobs/${jobId}`), 'NonExistJobIds')).toBe(jobId)
    expect((await get(key, '/jobs')).text).not.toContain(library)
    expect(text(await stage.raw({ method: 'PUT', path: `/jobs/${jobId}` }, key), 'Code')).toBe(
      'InvalidArgument',
    )
  })
})

describe('a key of some buckets', () => {
  test('works in its first one by default, in the others by name, and is refused elsewhere', {
    tags: ['key-buckets'],
  }, async () => {
    const key = await stage.newKey({ buckets: ['first-125', 'second-125'], region: 'ap-key' })
    const bare = await submit(key, library, 'api.example.test')
    expect([text(bare, 'BucketId'), text(bare, 'Region')]).toEqual(['first-125', 'ap-key'])
    const named = await submit(key, library, 'second-125.ci.ap-other.myqcloud.com')
    expect([text(named, 'BucketId'), text(named, 'Region')]).toEqual(['second-125', 'ap-other'])
    const refused = await submit(key, library, OFFICIAL_HOST)
    expect([refused.status, text(refused, 'Code')]).toEqual([400, 'InvalidHost'])
    expect((await get(key, '/jobs', 'api.example.test')).text).not.toContain(SDK_BUCKET)
    const second = await get(key, '/jobs', 'second-125.ci.ap-other.myqcloud.com')
    expect(second.text).not.toContain('first-125')
  })
})

/** Two tenants, a bucket each, and one of them in two regions. */
const hostOf = (bucket: string, region = 'ap-one') => `${bucket}.ci.${region}.myqcloud.com`
const MINE = 'mine-125'
const THEIRS = 'theirs-125'

describe('a queue', () => {
  let mine: KeyPair
  let theirs: KeyPair
  beforeAll(async () => {
    mine = await stage.newKey({ buckets: [MINE] })
    theirs = await stage.newKey({ buckets: [THEIRS] })
  })

  const queueOf = async (key: KeyPair, host: string) => text(await get(key, '/queue', host), 'QueueId')
  const put = (key: KeyPair, { id, host, body }: { id: string; host: string; body: string }) =>
    stage.raw({ method: 'PUT', path: `/queue/${id}`, body: `<Request>${body}</Request>`, host }, key)
  const stateOf = async (jobId: string, host: string) =>
    text(await get(stage.key, `/jobs/${jobId}`, host), 'State')

  test('is made for each bucket and region on first use, and takes the jobs of that bucket', {
    tags: ['bucket-queues', 'queue-own'],
  }, async () => {
    const ids = [
      await queueOf(mine, hostOf(MINE)),
      await queueOf(mine, hostOf(MINE, 'ap-two')),
      await queueOf(theirs, hostOf(THEIRS)),
    ]
    expect(new Set(ids).size).toBe(3)
    for (const id of ids) expect(id).toMatch(/^p[0-9a-f]{32}$/)
    expect(await queueOf(mine, hostOf(MINE))).toBe(ids[0])
    expect(await queueOf(mine, 'api.example.test')).not.toBe(ids[2])
    expect(text(await submit(mine, library, hostOf(MINE)), 'QueueId')).toBe(ids[0])
    expect(text(await submit(mine, library, hostOf(MINE, 'ap-two')), 'QueueId')).toBe(ids[1])
    expect(text(await submit(theirs, library, hostOf(THEIRS)), 'QueueId')).toBe(ids[2])
    type Listed = { items: { queueId: string; bucket: string; region: string }[] }
    const { items } = await stage.admin.adminJson<Listed>('GET', '/queues?pageSize=100')
    expect(items.find(({ queueId }) => queueId === ids[1])).toMatchObject({ bucket: MINE, region: 'ap-two' })
  })

  test('of another bucket or region does not exist: it is not listed, changed or submitted to', {
    tags: ['bucket-queues', 'queue-scope'],
  }, async () => {
    const foreign = await queueOf(theirs, hostOf(THEIRS))
    const otherRegion = await queueOf(mine, hostOf(MINE, 'ap-two'))
    const paused =
      '<State>Paused</State><NotifyConfig><State>On</State><Url>http://h.test/</Url></NotifyConfig>'
    const hosts = [hostOf(MINE), '127.0.0.1']
    for (const [key, id, host] of [
      ...hosts.map((host) => [mine, foreign, host] as const),
      [mine, otherRegion, hostOf(MINE)] as const,
      [stage.key, foreign, hostOf(MINE)] as const,
    ]) {
      const query = [['queueIds', id]] as const
      const listed = await stage.raw({ method: 'GET', path: '/queue', query, host }, key)
      expect([text(listed, 'QueueId'), text(listed, 'NonExistPIDs')]).toEqual(['', id])
      const changed = await put(key, { id, host, body: paused })
      const unknown = await put(key, { id: 'p0', host, body: paused })
      expect([changed.status, text(changed, 'Code')]).toEqual([400, 'InvalidArgument'])
      expect(text(changed, 'Message')).toBe(text(unknown, 'Message').replace('p0', id))
      const body = jobXml({ rule: 'FindSimilarVideo', library, object: 'q.mp4' })
      const asked = body.replace('</Request>', `<QueueId>${id}</QueueId></Request>`)
      const refused = await stage.raw({ method: 'POST', path: '/jobs', body: asked, host }, key)
      expect([refused.status, text(refused, 'Code')]).toEqual([400, 'InvalidArgument'])
    }
    const seen = await get(theirs, '/queue', hostOf(THEIRS))
    expect([text(seen, 'State'), text(seen, 'Url')]).toEqual(['Active', ''])
  })

  test('pauses and reports its own jobs alone', { tags: ['bucket-queues', 'queue-acts'] }, async () => {
    const id = await queueOf(mine, hostOf(MINE))
    const other = hostOf(THEIRS)
    await put(mine, { id, host: hostOf(MINE), body: '<State>Paused</State>' })
    const [own, foreign] = [await submit(mine, library, hostOf(MINE)), await submit(theirs, library, other)]
    expect(text(own, 'State')).toBe('Pause')
    await expect.poll(() => stateOf(text(foreign, 'JobId'), other), { timeout: 250_000 }).toBe('Failed')
    const notify =
      '<NotifyConfig><State>On</State><Url>http://receiver.example/</Url><Event>TaskFinish</Event></NotifyConfig>'
    const resumed = await put(mine, { id, host: hostOf(MINE), body: `<State>Active</State>${notify}` })
    expect(resumed.status).toBe(200)
    const later = await submit(theirs, library, other)
    await expect.poll(() => stateOf(text(later, 'JobId'), other), { timeout: 250_000 }).toBe('Failed')
    await expect.poll(() => stateOf(text(own, 'JobId'), hostOf(MINE)), { timeout: 250_000 }).toBe('Failed')
    const deliveries = async (answer: RawAnswer) => {
      const path = `/jobs/${text(answer, 'JobId')}`
      return (await stage.admin.adminJson<{ deliveries: unknown[] }>('GET', path)).deliveries.length
    }
    expect([await deliveries(own), await deliveries(later), await deliveries(foreign)]).toEqual([1, 0, 0])
  })

  test('is not changed at all by a key that is limited to libraries', {
    tags: ['bucket-queues', 'queue-libraries'],
  }, async () => {
    const key = await stage.newKey({ libraries: [library] })
    const id = await queueOf(key, hostOf(MINE))
    const refused = await put(key, { id, host: hostOf(MINE), body: '<State>Paused</State>' })
    expect([refused.status, text(refused, 'Code')]).toEqual([403, 'AccessDenied'])
    expect(text(await get(mine, '/queue', hostOf(MINE)), 'State')).toBe('Active')
  })
})

describe('what belongs to another bucket of the same key', () => {
  test('does not exist under a host that names a bucket', {
    tags: ['bucket-scope', 'scope-bucket'],
  }, async () => {
    const both = await stage.newKey({ buckets: [MINE, THEIRS] })
    const elsewhere = await stage.library({ bucket: THEIRS, region: 'ap-one' })
    const theirJob = text(await submit(both, library, hostOf(THEIRS)), 'JobId')
    for (const host of [hostOf(MINE), hostOf(THEIRS, 'ap-two')]) {
      expect(text(await get(both, `/jobs/${theirJob}`, host), 'NonExistJobIds')).toBe(theirJob)
      expect((await get(both, '/jobs', host)).text).not.toContain(theirJob)
      const cancelled = await stage.raw({ method: 'PUT', path: `/jobs/${theirJob}`, host }, both)
      expect(text(cancelled, 'Message')).toBe(`There is no job ${theirJob}.`)
      const query = [['ids', elsewhere]] as const
      const named = await stage.raw({ method: 'GET', path: '/dnadb', query, host }, both)
      expect([text(named, 'NonExistIDs'), text(named, 'DNADbId')]).toEqual([elsewhere, ''])
      expect((await get(both, '/dnadb', host)).text).not.toContain(elsewhere)
    }
    expect(text(await get(both, `/jobs/${theirJob}`, hostOf(THEIRS)), 'JobId')).toBe(theirJob)
    expect(text(await get(both, `/jobs/${theirJob}`, '127.0.0.1'), 'JobId')).toBe(theirJob)
    expect((await get(both, '/dnadb', hostOf(THEIRS))).text).toContain(elsewhere)
    expect((await get(stage.key, '/dnadb_files', hostOf(MINE))).text).not.toContain(videoId)
    const body = jobXml({ rule: 'DeleteFingerPrint', library, object: 'x.mp4', videoId })
    const deleted = await stage.raw({ method: 'POST', path: '/jobs', body, host: hostOf(MINE) })
    expect([deleted.status, text(deleted, 'Code')]).toEqual([400, 'InvalidArgument'])
  })

  test('stays out of a list that goes on from a token of that bucket', {
    tags: ['bucket-scope', 'scope-token'],
  }, async () => {
    const both = await stage.newKey({ buckets: [MINE, THEIRS] })
    await submit(both, library, hostOf(MINE))
    await submit(both, library, hostOf(THEIRS))
    await submit(both, library, hostOf(THEIRS))
    const list = (host: string, more: readonly (readonly [string, string])[]) =>
      stage.raw({ method: 'GET', path: '/jobs', query: [['size', '1'], ...more], host }, both)
    const nextToken = text(await list(hostOf(THEIRS), []), 'NextToken')
    const next = await list(hostOf(MINE), [['nextToken', nextToken]])
    expect(text(next, 'BucketId')).toBe(MINE)
    const another = await stage.newKey({ buckets: ['another-125'] })
    const query = [['nextToken', nextToken]] as const
    expect(
      text(await stage.raw({ method: 'GET', path: '/jobs', query, host: 'x.test' }, another), 'JobId'),
    ).toBe('')
  })
})

describe('a key in use', () => {
  type Listed = { items: { secretId: string; lastUsedAt: string | null }[] }

  test.each(releases)(
    'serves SDK %s, has its last use recorded, and is refused once it is revoked',
    { tags: ['key-revoked'] },
    async (release) => {
      const key = await stage.newKey({ name: `for ${release}` })
      const lastUse = async () => {
        const { items } = await stage.admin.adminJson<Listed>('GET', '/keys?pageSize=100')
        return items.find(({ secretId }) => secretId === key.secretId)?.lastUsedAt
      }
      expect(await lastUse()).toBeNull()
      const sdk = createSdk({ release, way: 'Ip', address: { url: stage.url, ...key } })
      await sdk.call({ method: 'GET', key: 'dnadb' })
      await expect.poll(lastUse).toMatch(/^\d{4}-.*Z$/)
      await stage.admin.adminJson('DELETE', `/keys/${key.secretId}`)
      const error = await sdk.failure({ method: 'GET', key: 'dnadb' })
      expect([error.statusCode, error.code, sdk.sent()]).toEqual([401, 'SecretidNotExist', 2])
    },
  )
})
