import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

beforeAll(async () => {
  stage = await openStage()
  library = await stage.library()
  foreign = await stage.library()
  await stage.queue('Paused')
  const made = await submit(stage.key, library)
  jobId = text(made, 'JobId')
  queueId = text(made, 'QueueId')
}, 120_000)
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
  it.each(Object.keys(routes))('%s reaches its own route and no other', async (action) => {
    const key = await stage.newKey({ actions: [action] })
    for (const [needed, sends] of Object.entries(routes)) {
      for (const send of sends) {
        const answer = await send(key)
        const wanted = needed === action ? [200, ''] : [403, 'AccessDenied']
        expect([answer.status, answer.status === 200 ? '' : text(answer, 'Code')], needed).toEqual(wanted)
      }
    }
  })
})

describe('a key of one library', () => {
  it('sees it alone, and its jobs alone', async () => {
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
  it('works in its first one by default, in the others by name, and is refused elsewhere', async () => {
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

describe('a key in use', () => {
  type Listed = { items: { secretId: string; lastUsedAt: string | null }[] }

  it.each(releases)(
    'serves SDK %s, has its last use recorded, and is refused once it is revoked',
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
