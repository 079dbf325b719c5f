import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { type Cause, causes, type Scene } from './causes.ts'
import { type CompatHarness, openCompatHarness } from './compat-harness.ts'
import { createSdk, everyClient, type Release, SDK_BUCKET, type Way } from './sdk.ts'
import type { KeyPair } from './sign.ts'

let harness: CompatHarness
let scene: Scene
let keys: Readonly<Record<NonNullable<Cause['by']>, KeyPair>>

beforeAll(async () => {
  harness = await openCompatHarness()
  const library = await harness.library()
  await harness.queue('Paused')
  const made = await harness.raw({
    method: 'POST',
    path: '/jobs',
    body: jobXml({ rule: 'FindSimilarVideo', library, object: 'x.mp4' }),
  })
  const ended = /<JobId>(\w+)</.exec(made.text)?.[1] ?? ''
  await harness.raw({ method: 'PUT', path: `/jobs/${ended}` })
  const queueId = /<QueueId>(\w+)</.exec(made.text)?.[1] ?? ''
  scene = { library, queueId, ended }
  keys = {
    narrow: await harness.newKey({ buckets: ['elsewhere-1'] }),
    reader: await harness.newKey({ actions: ['ci:DescribeMediaDnaDbs'] }),
    stranger: { secretId: 'AKIDnobody', secretKey: 'x' },
    liar: { secretId: harness.key.secretId, secretKey: 'notTheSecret' },
  }
})
afterAll(() => harness.close(), 40_000)

function sdkOf(release: Release, way: Way, { by, clockMs = 0 }: Pick<Cause, 'by' | 'clockMs'> = {}) {
  return createSdk({
    release,
    way,
    address: { url: harness.url, ...(by === undefined ? harness.key : keys[by]) },
    options: { SystemClockOffset: clockMs },
  })
}

const UNREADABLE =
  'q-sign-algorithm=md5&q-ak=AKIDx&q-sign-time=1;2&q-key-time=1;2&q-header-list=&q-url-param-list=&q-signature=x'

/** How often an official client sends a request that gets this status. It repeats only on 5xx. */
function attemptsFor(status: number): number {
  return status >= 500 ? 4 : 1
}

describe.each(everyClient)('SDK $release by $way', ({ release, way }) => {
  test.each(causes)(
    'reports $code ($status) for $cause and repeats the request only after a 5xx',
    { tags: ['errors'] },
    async ({ call, code, status, ...rest }) => {
      const sdk = sdkOf(release, way, rest)
      const error = await sdk.failure(call(scene))
      expect([error.statusCode, error.code], error.message).toEqual([status, code])
      for (const field of ['Code', 'Message', 'Resource', 'RequestId', 'TraceId'])
        expect(error.error?.[field], field).toMatch(/\S/)
      expect(error.error?.RequestId).toBe(error.headers?.['x-ci-request-id'])
      expect(sdk.sent()).toBe(attemptsFor(status))
    },
  )

  test('receives the strings to sign when its signature does not match', {
    tags: ['what-was-signed'],
  }, async () => {
    const error = await sdkOf(release, way, { by: 'liar' }).failure({ method: 'GET', key: 'dnadb' })
    expect(error.error?.FormatString).toMatch(/^get\n\/dnadb\n\n.*host=/s)
    expect(error.error?.StringToSign).toMatch(/^sha1\n\d+;\d+\n[0-9a-f]{40}\n?$/)
  })

  test('receives the fault of any malformed Authorization header', {
    tags: ['any-authorization'],
  }, async () => {
    const { url } = harness
    const unsigned = createSdk({
      release,
      way,
      address: { url, secretId: '', secretKey: '' },
      options: {
        getAuthorization: (_options: unknown, callback: (answer: object) => void) =>
          callback({ Authorization: UNREADABLE }),
      },
    })
    const error = await unsigned.failure({ method: 'GET', key: 'dnadb' })
    expect([error.statusCode, error.code]).toEqual([401, 'InvalidAuthorization'])
  })
})

describe('a bucket in the host name', () => {
  test.each(['3.0.0', '2.15.4'] as const)(
    'is refused through SDK %s if the key may not use it',
    { tags: ['invalid-host'] },
    async (release) => {
      const error = await sdkOf(release, 'Ip', { by: 'narrow' }).failure({ method: 'GET', key: 'jobs' })
      expect([error.statusCode, error.code]).toEqual([400, 'InvalidHost'])
      expect(error.error?.Message).toContain(SDK_BUCKET)
    },
  )
})
