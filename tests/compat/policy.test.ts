import { actionNames, openApiDocument } from '@kinoprint/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { type CompatHarness, OFFICIAL_HOST, openCompatHarness } from './compat-harness.ts'
import { type RawAnswer, textOf } from './raw-http.ts'
import { createSdk, releases, SDK_BUCKET } from './sdk.ts'
import type { KeyPair } from './sign.ts'

let harness: CompatHarness
let library: string
let foreign: string
let jobId: string
let queueId: string
let videoId: string

beforeAll(async () => {
  harness = await openCompatHarness()
  library = await harness.library()
  foreign = await harness.library()
  await harness.put('policy/stored.mp4', { seed: 81, seconds: 4 })
  const storing = { rule: 'GetFingerPrint', library, object: 'policy/stored.mp4' } as const
  const stored = await harness.raw({ method: 'POST', path: '/jobs', body: jobXml(storing) })
  const ended = await harness.admin.ended(textOf(stored, 'JobId'))
  videoId = ended.Operation.DNAResult?.VideoId ?? ''
  await harness.queue('Paused')
  const made = await submit(harness.key, library)
  jobId = textOf(made, 'JobId')
  queueId = textOf(made, 'QueueId')
})
afterAll(() => harness.close(), 40_000)

let objects = 0
function submit(key: KeyPair, into: string, host = OFFICIAL_HOST) {
  objects += 1
  const body = jobXml({ rule: 'FindSimilarVideo', library: into, object: `policy/${objects}.mp4` })
  return harness.raw({ method: 'POST', path: '/jobs', body, host }, key)
}
function get(key: KeyPair, path: string, host = OFFICIAL_HOST) {
  return harness.raw({ method: 'GET', path, host }, key)
}

/** Its queue is paused, so it does not end. */
function postInventory(key: KeyPair) {
  const config = `<DnaConfig><RuleType>FindSimilarVideo</RuleType><DnaDbId>${library}</DnaDbId></DnaConfig>`
  const body = `<Request><Input><Object>none.mp4</Object></Input><Operation><Tag>DNA</Tag><JobParam>${config}</JobParam></Operation></Request>`
  return harness.raw({ method: 'POST', path: '/inventorytriggerjob', body }, key)
}

/** Every action of a policy and the routes that require it. */
const routes: Readonly<Record<string, readonly ((key: KeyPair) => Promise<RawAnswer>)[]>> = {
  'ci:CreateMediaJobs': [(key) => submit(key, library)],
  'ci:DescribeMediaJob': [(key) => get(key, `/jobs/${jobId}`)],
  'ci:DescribeMediaJobs': [(key) => get(key, '/jobs')],
  'ci:CancelMediaJob': [
    async (key) => {
      const waiting = textOf(await submit(harness.key, library), 'JobId')
      return harness.raw({ method: 'PUT', path: `/jobs/${waiting}` }, key)
    },
  ],
  'ci:DescribeMediaQueues': [(key) => get(key, '/queue')],
  'ci:UpdateMediaQueue': [
    (key) =>
      harness.raw(
        { method: 'PUT', path: `/queue/${queueId}`, body: '<Request><Name>q</Name></Request>' },
        key,
      ),
  ],
  'ci:DescribeMediaDnaDbs': [(key) => get(key, '/dnadb')],
  'ci:DescribeMediaDnaDbFiles': [(key) => get(key, '/dnadb_files'), (key) => get(key, '/dnadbfiles')],
  'ci:CreateInventoryTriggerJob': [(key) => postInventory(key)],
  'ci:DescribeInventoryTriggerJob': [(key) => get(key, '/inventorytriggerjob/b0')],
  'ci:DescribeInventoryTriggerJobs': [(key) => get(key, '/inventorytriggerjob')],
  'ci:CancelInventoryTriggerJob': [
    async (key) => {
      const waiting = textOf(await postInventory(harness.key), 'JobId')
      return harness.raw({ method: 'PUT', path: `/inventorytriggerjob/${waiting}` }, key)
    },
  ],
  'ci:DescribeMediaBuckets': [(key) => get(key, '/mediabucket')],
  'ci:CreateMediaBucket': [(key) => harness.raw({ method: 'POST', path: '/mediabucket', body: '' }, key)],
  'ci:DescribeMediaTemplates': [(key) => get(key, '/template')],
  'ci:DescribeWorkflow': [(key) => get(key, '/workflow')],
}

describe('a key with one action', () => {
  test.each(Object.keys(routes))(
    '%s gives access only to the routes of that action',
    { tags: ['key-scope', 'policy'] },
    async (action) => {
      const key = await harness.newKey({ actions: [action] })
      for (const [needed, sends] of Object.entries(routes)) {
        for (const send of sends) {
          const answer = await send(key)
          const wanted = needed === action ? [200, ''] : [403, 'AccessDenied']
          expect([answer.status, answer.status === 200 ? '' : textOf(answer, 'Code')], needed).toEqual(wanted)
        }
      }
    },
  )
})

describe('the table of actions', () => {
  test('contains every signed route of the OpenAPI document', () => {
    const { paths } = openApiDocument({ version: '0' })
    // The calls of COS, on buckets, have a test of their own.
    const ofJobs = Object.entries(paths).filter(([path]) => !path.startsWith('/{bucket}'))
    const signed = ofJobs.flatMap(([path, verbs]) =>
      Object.entries(verbs).flatMap(([verb, route]) =>
        JSON.stringify(route).includes('"signature"') ? [`${verb} ${path}`] : [],
      ),
    )
    expect(signed.length).toBe(Object.values(routes).flat().length)
    const actions = actionNames.filter((name) => name.startsWith('ci:'))
    expect([...actions].sort()).toEqual(Object.keys(routes).sort())
  })

  test('does not allow a key without actions', async () => {
    await expect(harness.newKey({ actions: [] })).rejects.toThrow(/returned 400/)
  })
})

type Refusal = {
  readonly route: string
  readonly send: (key: KeyPair, host: string) => Promise<RawAnswer>
  /** Text that appears in the response to a key that may see it, and not in the response to any other key. */
  readonly shows?: () => string
  readonly answer?: string
}

/** Stored objects, with every route that could show or change them. */
const refusals: readonly Refusal[] = [
  {
    route: 'GET /jobs',
    send: (key, host) =>
      harness.raw(
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
    send: (key, host) => harness.raw({ method: 'PUT', path: `/jobs/${jobId}`, host }, key),
    answer: 'InvalidArgument',
  },
  { route: 'GET /dnadb_files', send: (key, host) => get(key, '/dnadb_files', host), shows: () => videoId },
  { route: 'GET /dnadbfiles', send: (key, host) => get(key, '/dnadbfiles', host), shows: () => videoId },
  {
    route: 'GET /dnadb_files?dnaDbId',
    send: (key, host) =>
      harness.raw({ method: 'GET', path: '/dnadb_files', query: [['dnaDbId', library]], host }, key),
    shows: () => videoId,
  },
  {
    route: 'POST /jobs that deletes',
    send: (key, host) => {
      const body = jobXml({ rule: 'DeleteFingerPrint', library, object: 'x.mp4', videoId })
      return harness.raw({ method: 'POST', path: '/jobs', body, host }, key)
    },
    answer: 'InvalidArgument',
  },
]

describe('what belongs to another library or bucket', () => {
  const policies = [
    { what: 'library', policy: () => ({ libraries: [foreign] }), host: OFFICIAL_HOST },
    { what: 'bucket', policy: () => ({ buckets: ['other-125'] }), host: 'other-125.ci.ap-x.myqcloud.com' },
  ] as const
  const cases = policies.flatMap((policy) => refusals.map((refusal) => ({ ...policy, ...refusal })))

  test.each(cases)(
    '$what is neither visible nor changed through $route',
    { tags: ['key-scope'] },
    async (refusal) => {
      const { policy, host, send, shows, answer } = refusal
      const seen = await send(await harness.newKey(policy()), host)
      if (answer !== undefined) expect(textOf(seen, 'Code')).toBe(answer)
      if (shows === undefined) return
      expect(seen.text).not.toContain(shows())
      expect((await send(harness.key, OFFICIAL_HOST)).text).toContain(shows())
    },
  )

  test('still exists afterwards', async () => {
    expect(textOf(await get(harness.key, '/dnadb_files'), 'VideoId')).toBe(videoId)
    expect(textOf(await get(harness.key, `/jobs/${jobId}`), 'State')).toBe('Pause')
  })
})

describe('a key limited to one library', () => {
  test('sees only that library and its jobs', { tags: ['key-library'] }, async () => {
    const key = await harness.newKey({ libraries: [foreign] })
    const listed = await get(key, '/dnadb')
    expect([textOf(listed, 'TotalCount'), textOf(listed, 'DNADbId')]).toEqual(['1', foreign])
    const asked = await harness.raw({ method: 'GET', path: '/dnadb', query: [['ids', library]] }, key)
    expect(textOf(asked, 'NonExistIDs')).toBe(library)
    expect((await submit(key, foreign)).status).toBe(200)
    expect(textOf(await submit(key, library), 'Code')).toBe('InvalidArgument')
    expect(textOf(await get(key, `/jobs/${jobId}`), 'NonExistJobIds')).toBe(jobId)
    expect((await get(key, '/jobs')).text).not.toContain(library)
    expect(textOf(await harness.raw({ method: 'PUT', path: `/jobs/${jobId}` }, key), 'Code')).toBe(
      'InvalidArgument',
    )
  })
})

describe('a key limited to buckets', () => {
  test('uses its first bucket by default and the others by name, and is refused elsewhere', {
    tags: ['key-buckets'],
  }, async () => {
    const key = await harness.newKey({ buckets: ['first-125', 'second-125'], region: 'ap-key' })
    const bare = await submit(key, library, 'api.example.test')
    expect([textOf(bare, 'BucketId'), textOf(bare, 'Region')]).toEqual(['first-125', 'ap-key'])
    const named = await submit(key, library, 'second-125.ci.ap-other.myqcloud.com')
    expect([textOf(named, 'BucketId'), textOf(named, 'Region')]).toEqual(['second-125', 'ap-other'])
    const refused = await submit(key, library, OFFICIAL_HOST)
    expect([refused.status, textOf(refused, 'Code')]).toEqual([400, 'InvalidHost'])
    expect((await get(key, '/jobs', 'api.example.test')).text).not.toContain(SDK_BUCKET)
    const second = await get(key, '/jobs', 'second-125.ci.ap-other.myqcloud.com')
    expect(second.text).not.toContain('first-125')
  })
})

/** Two tenants with one bucket each, one of them in two regions. */
function hostOf(bucket: string, region = 'ap-one') {
  return `${bucket}.ci.${region}.myqcloud.com`
}
const MINE = 'mine-125'
const THEIRS = 'theirs-125'

describe('a queue', () => {
  let mine: KeyPair
  let theirs: KeyPair
  beforeAll(async () => {
    mine = await harness.newKey({ buckets: [MINE] })
    theirs = await harness.newKey({ buckets: [THEIRS] })
  })

  const queueOf = async (key: KeyPair, host: string) => textOf(await get(key, '/queue', host), 'QueueId')
  const put = (key: KeyPair, { id, host, body }: { id: string; host: string; body: string }) =>
    harness.raw({ method: 'PUT', path: `/queue/${id}`, body: `<Request>${body}</Request>`, host }, key)
  const stateOf = async (jobId: string, host: string) =>
    textOf(await get(harness.key, `/jobs/${jobId}`, host), 'State')

  test('is created for each bucket and region on first use and takes the jobs of that bucket', {
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
    expect(textOf(await submit(mine, library, hostOf(MINE)), 'QueueId')).toBe(ids[0])
    expect(textOf(await submit(mine, library, hostOf(MINE, 'ap-two')), 'QueueId')).toBe(ids[1])
    expect(textOf(await submit(theirs, library, hostOf(THEIRS)), 'QueueId')).toBe(ids[2])
    type Listed = { items: { queueId: string; bucket: string; region: string }[] }
    const { items } = await harness.admin.adminJson<Listed>('GET', '/queues?pageSize=100')
    expect(items.find(({ queueId }) => queueId === ids[1])).toMatchObject({ bucket: MINE, region: 'ap-two' })
  })

  test('of another bucket or region is not listed, cannot be changed and takes no jobs', {
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
      [harness.key, foreign, hostOf(MINE)] as const,
    ]) {
      const query = [['queueIds', id]] as const
      const listed = await harness.raw({ method: 'GET', path: '/queue', query, host }, key)
      expect([textOf(listed, 'QueueId'), textOf(listed, 'NonExistPIDs')]).toEqual(['', id])
      const changed = await put(key, { id, host, body: paused })
      const unknown = await put(key, { id: 'p0', host, body: paused })
      expect([changed.status, textOf(changed, 'Code')]).toEqual([400, 'InvalidArgument'])
      expect(textOf(changed, 'Message')).toBe(textOf(unknown, 'Message').replace('p0', id))
      const body = jobXml({ rule: 'FindSimilarVideo', library, object: 'q.mp4' })
      const asked = body.replace('</Request>', `<QueueId>${id}</QueueId></Request>`)
      const refused = await harness.raw({ method: 'POST', path: '/jobs', body: asked, host }, key)
      expect([refused.status, textOf(refused, 'Code')]).toEqual([400, 'InvalidArgument'])
    }
    const seen = await get(theirs, '/queue', hostOf(THEIRS))
    expect([textOf(seen, 'State'), textOf(seen, 'Url')]).toEqual(['Active', ''])
  })

  test('pauses and reports its own jobs only', { tags: ['bucket-queues', 'queue-acts'] }, async () => {
    const id = await queueOf(mine, hostOf(MINE))
    const other = hostOf(THEIRS)
    await put(mine, { id, host: hostOf(MINE), body: '<State>Paused</State>' })
    const [own, foreign] = [await submit(mine, library, hostOf(MINE)), await submit(theirs, library, other)]
    expect(textOf(own, 'State')).toBe('Pause')
    await expect.poll(() => stateOf(textOf(foreign, 'JobId'), other), { timeout: 250_000 }).toBe('Failed')
    const notify =
      '<NotifyConfig><State>On</State><Url>http://receiver.example/</Url><Event>TaskFinish</Event></NotifyConfig>'
    const resumed = await put(mine, { id, host: hostOf(MINE), body: `<State>Active</State>${notify}` })
    expect(resumed.status).toBe(200)
    const later = await submit(theirs, library, other)
    await expect.poll(() => stateOf(textOf(later, 'JobId'), other), { timeout: 250_000 }).toBe('Failed')
    await expect.poll(() => stateOf(textOf(own, 'JobId'), hostOf(MINE)), { timeout: 250_000 }).toBe('Failed')
    const deliveries = async (answer: RawAnswer) => {
      const path = `/jobs/${textOf(answer, 'JobId')}`
      return (await harness.admin.adminJson<{ deliveries: unknown[] }>('GET', path)).deliveries.length
    }
    expect([await deliveries(own), await deliveries(later), await deliveries(foreign)]).toEqual([1, 0, 0])
  })

  test('cannot be changed by a key limited to libraries', {
    tags: ['bucket-queues', 'queue-libraries'],
  }, async () => {
    const key = await harness.newKey({ libraries: [library] })
    const id = await queueOf(key, hostOf(MINE))
    const refused = await put(key, { id, host: hostOf(MINE), body: '<State>Paused</State>' })
    expect([refused.status, textOf(refused, 'Code')]).toEqual([403, 'AccessDenied'])
    expect(textOf(await get(mine, '/queue', hostOf(MINE)), 'State')).toBe('Active')
  })
})

describe('what belongs to another bucket of the same key', () => {
  test('is invisible under a host that names a bucket', {
    tags: ['bucket-scope', 'scope-bucket'],
  }, async () => {
    const both = await harness.newKey({ buckets: [MINE, THEIRS] })
    const elsewhere = await harness.library({ bucket: THEIRS, region: 'ap-one' })
    const theirJob = textOf(await submit(both, library, hostOf(THEIRS)), 'JobId')
    for (const host of [hostOf(MINE), hostOf(THEIRS, 'ap-two')]) {
      expect(textOf(await get(both, `/jobs/${theirJob}`, host), 'NonExistJobIds')).toBe(theirJob)
      expect((await get(both, '/jobs', host)).text).not.toContain(theirJob)
      const cancelled = await harness.raw({ method: 'PUT', path: `/jobs/${theirJob}`, host }, both)
      expect(textOf(cancelled, 'Message')).toBe(`Job ${theirJob} does not exist.`)
      const query = [['ids', elsewhere]] as const
      const named = await harness.raw({ method: 'GET', path: '/dnadb', query, host }, both)
      expect([textOf(named, 'NonExistIDs'), textOf(named, 'DNADbId')]).toEqual([elsewhere, ''])
      expect((await get(both, '/dnadb', host)).text).not.toContain(elsewhere)
    }
    expect(textOf(await get(both, `/jobs/${theirJob}`, hostOf(THEIRS)), 'JobId')).toBe(theirJob)
    expect(textOf(await get(both, `/jobs/${theirJob}`, '127.0.0.1'), 'JobId')).toBe(theirJob)
    expect((await get(both, '/dnadb', hostOf(THEIRS))).text).toContain(elsewhere)
    expect((await get(harness.key, '/dnadb_files', hostOf(MINE))).text).not.toContain(videoId)
    const body = jobXml({ rule: 'DeleteFingerPrint', library, object: 'x.mp4', videoId })
    const deleted = await harness.raw({ method: 'POST', path: '/jobs', body, host: hostOf(MINE) })
    expect([deleted.status, textOf(deleted, 'Code')]).toEqual([400, 'InvalidArgument'])
  })

  test('is absent from a list that continues with a token of the other bucket', {
    tags: ['bucket-scope', 'scope-token'],
  }, async () => {
    const both = await harness.newKey({ buckets: [MINE, THEIRS] })
    await submit(both, library, hostOf(MINE))
    await submit(both, library, hostOf(THEIRS))
    await submit(both, library, hostOf(THEIRS))
    const list = (host: string, more: readonly (readonly [string, string])[]) =>
      harness.raw({ method: 'GET', path: '/jobs', query: [['size', '1'], ...more], host }, both)
    const nextToken = textOf(await list(hostOf(THEIRS), []), 'NextToken')
    const next = await list(hostOf(MINE), [['nextToken', nextToken]])
    expect(textOf(next, 'BucketId')).toBe(MINE)
    const another = await harness.newKey({ buckets: ['another-125'] })
    const query = [['nextToken', nextToken]] as const
    expect(
      textOf(await harness.raw({ method: 'GET', path: '/jobs', query, host: 'x.test' }, another), 'JobId'),
    ).toBe('')
  })
})

describe('a key in use', () => {
  type Listed = { items: { secretId: string; lastUsedAt: string | null }[] }

  test.each(releases)(
    'works with SDK %s, has its last use recorded, and is refused once revoked',
    { tags: ['key-revoked'] },
    async (release) => {
      const key = await harness.newKey({ name: `for ${release}` })
      const lastUse = async () => {
        const { items } = await harness.admin.adminJson<Listed>('GET', '/keys?pageSize=100')
        return items.find(({ secretId }) => secretId === key.secretId)?.lastUsedAt
      }
      expect(await lastUse()).toBeNull()
      const sdk = createSdk({ release, way: 'Ip', address: { url: harness.url, ...key } })
      await sdk.call({ method: 'GET', key: 'dnadb' })
      await expect.poll(lastUse).toMatch(/^\d{4}-.*Z$/)
      await harness.admin.adminJson('DELETE', `/keys/${key.secretId}`)
      const error = await sdk.failure({ method: 'GET', key: 'dnadb' })
      expect([error.statusCode, error.code, sdk.sent()]).toEqual([401, 'SecretidNotExist', 2])
    },
  )
})
