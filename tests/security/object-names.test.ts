import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CompatHarness, openCompatHarness } from '../compat/compat-harness.ts'
import { exchange } from '../compat/raw-http.ts'
import { jobXml } from '../e2e/client.ts'

const BUCKET = 'outside-125'
const SECRET = 'a secret outside the bucket'

let harness: CompatHarness
let library: string
let dataDir: string

beforeAll(async () => {
  harness = await openCompatHarness()
  library = await harness.library()
  dataDir = harness.product.dataDir
  const bucket = join(dataDir, 'buckets', BUCKET)
  mkdirSync(bucket, { recursive: true })
  mkdirSync(join(dataDir, 'buckets', 'other-125'))
  for (const path of [join(dataDir, 'secret.mp4'), join(dataDir, 'buckets', 'other-125', 'secret.mp4')])
    writeFileSync(path, SECRET)
  symlinkSync(join(dataDir, 'secret.mp4'), join(bucket, 'link.mp4'))
  symlinkSync(dataDir, join(bucket, 'folder'))
  symlinkSync('../other-125/secret.mp4', join(bucket, 'relative.mp4'))
})
afterAll(() => harness.close(), 40_000)

/** Names as in a job request, which are not decoded. */
const names: readonly string[] = [
  '../../secret.mp4',
  '../other-125/secret.mp4',
  'a/../../../secret.mp4',
  './secret.mp4',
  'a/./b',
  '..',
  '.',
  '//etc/passwd',
  'a\\..\\..\\secret.mp4',
  '..\\secret.mp4',
  'x'.repeat(4096),
  `${'long/'.repeat(900)}x`,
]
/** Valid names of objects that do not exist. */
const harmless: readonly string[] = [
  '%2e%2e/%2e%2e/secret.mp4',
  '..%2f..%2fsecret.mp4',
  '%252e%252e/secret.mp4',
  '\u2025/secret.mp4',
  '\uff0e\uff0e/secret.mp4',
  '\u2024\u2024/secret.mp4',
  '..\u2215secret.mp4',
  '..\uff0fsecret.mp4',
  '\u202e4pm.terces',
  '...',
  'file:secret.mp4',
  'http://127.0.0.1/secret.mp4',
  'file:///etc/passwd',
  '/etc/passwd',
  'a//b',
  'a/',
]

function submit(object: string) {
  return harness.raw({
    method: 'POST',
    path: '/jobs',
    body: jobXml({ rule: 'FindSimilarVideo', library, object }),
    host: `${BUCKET}.ci.ap-x.myqcloud.com`,
  })
}
function tag(name: string, text: string): string {
  return new RegExp(`<${name}>([^<]*)<`).exec(text)?.[1] ?? ''
}

test.each(names)('the object name %j creates no job', { tags: ['object-names'] }, async (object) => {
  const answer = await submit(object)
  expect([answer.status, tag('Code', answer.text)]).toEqual([400, 'InvalidArgument'])
})

test.each(harmless)('%j is a valid name of an object that does not exist', async (object) => {
  const job = await harness.admin.ended(tag('JobId', (await submit(object)).text))
  expect([job.State, job.Code]).toEqual(['Failed', 'ResourceNotFound'])
})

test.each(['link.mp4', 'folder/secret.mp4', 'relative.mp4'])(
  'a job does not follow the link %s',
  async (object) => {
    const job = await harness.admin.ended(tag('JobId', (await submit(object)).text))
    expect([job.State, job.Code]).toEqual(['Failed', 'ResourceAccessDenied'])
  },
)

test('an object name with NUL is refused', async () => {
  for (const object of ['a\u0000.mp4', 'a&#0;.mp4']) {
    const body = `<Request><Tag>DNA</Tag><Input><Object>${object}</Object></Input></Request>`
    expect((await harness.raw({ method: 'POST', path: '/jobs', body })).status).toBe(400)
  }
})

/** Paths as sent to /admin/objects. None may be read, written or deleted. */
const paths: readonly string[] = [
  '../secret.mp4',
  '../../secret.mp4',
  '../other-125/secret.mp4',
  '..%2f..%2fsecret.mp4',
  '%2e%2e/%2e%2e/secret.mp4',
  '%2e%2e%2f%2e%2e%2fsecret.mp4',
  '..%5c..%5csecret.mp4',
  '%2fetc%2fpasswd',
  '/etc/passwd',
  'a%00.mp4',
  '%c0%ae%c0%ae/secret.mp4',
  '%ff%fe',
  '%',
  'x'.repeat(4096),
  '.uploads/x',
  'link.mp4',
  'folder/secret.mp4',
  'folder/new.mp4',
  'relative.mp4',
]

test.each(paths)(
  'the admin API refuses the path %j, which would leave its bucket',
  { tags: ['object-names'] },
  async (path) => {
    const before = readdirSync(dataDir).sort()
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const target = `/admin/objects/${BUCKET}/${path}`
      const authorization = `Bearer ${harness.product.address.adminToken}`
      const answer = await exchange(harness.url, {
        method,
        target,
        headers: [
          ['Host', 'x'],
          ['Authorization', authorization],
          ['Content-Length', method === 'PUT' ? '3' : '0'],
        ],
        body: method === 'PUT' ? 'new' : '',
      })
      // An upload may replace the link with an object in the bucket.
      if (method === 'PUT' && /^(link|relative)/.test(path)) expect([201, 403]).toContain(answer.status)
      else if (method !== 'DELETE') expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expect(answer.text).not.toContain(SECRET)
    }
    expect(readdirSync(dataDir).sort()).toEqual(before)
    expect(existsSync(join(dataDir, 'secret.mp4'))).toBe(true)
    expect(existsSync(join(dataDir, 'buckets', 'other-125', 'secret.mp4'))).toBe(true)
  },
)

test.each(['..', '.', '%2e%2e', '..%2fother-125', 'A-1', '', 'a%00', '.uploads'])(
  '%j is not a valid bucket',
  async (bucket) => {
    const headers = [
      ['Host', 'x'],
      ['Authorization', `Bearer ${harness.product.address.adminToken}`],
    ] as const
    const answer = await exchange(harness.url, {
      method: 'GET',
      target: `/admin/objects/${bucket}/secret.mp4`,
      headers,
    })
    expect([400, 404]).toContain(answer.status)
    expect(answer.text).not.toContain(SECRET)
  },
)
