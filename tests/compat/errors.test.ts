import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { type Cause, causes, type Scene } from './causes.ts'
import { createSdk, everyClient, type Release, SDK_BUCKET, type Way } from './sdk.ts'
import type { KeyPair } from './sign.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let scene: Scene
let keys: Readonly<Record<NonNullable<Cause['by']>, KeyPair>>

beforeAll(async () => {
  stage = await openStage()
  const library = await stage.library()
  await stage.queue('Paused')
  const made = await stage.raw({
    method: 'POST',
    path: '/jobs',
    body: jobXml({ rule: 'FindSimilarVideo', library, object: 'x.mp4' }),
  })
  const ended = /<JobId>(\w+)</.exec(made.text)?.[1] ?? ''
  await stage.raw({ method: 'PUT', path: `/jobs/${ended}` })
  const queueId = /<QueueId>(\w+)</.exec(made.text)?.[1] ?? ''
  scene = { library, queueId, ended }
  keys = {
    narrow: await stage.newKey({ buckets: ['elsewhere-1'] }),
    reader: await stage.newKey({ actions: ['ci:DescribeMediaDnaDbs'] }),
    stranger: { secretId: 'AKIDnobody', secretKey: 'x' },
    liar: { secretId: stage.key.secretId, secretKey: 'notTheSecret' },
  }
})
afterAll(() => stage.close(), 40_000)

const sdkOf = (release: Release, way: Way, { by, clockMs = 0 }: Pick<Cause, 'by' | 'clockMs'> = {}) =>
  createSdk({
    release,
    way,
    address: { url: stage.url, ...(by === undefined ? stage.key : keys[by]) },
    options: { SystemClockOffset: clockMs },
  })

const UNREADABLE =
  'q-sign-algorithm=md5&q-ak=AKIDx&q-sign-time=1;2&q-key-time=1;2&q-header-list=&q-url-param-list=&q-signature=x'

/** Requests that an official client makes of one that is answered so: it repeats what the server owes, never more. */
const attemptsFor = (status: number): number => (status >= 500 ? 4 : 1)

describe.each(everyClient)('SDK $release by $way', ({ release, way }) => {
  test.each(causes)(
    'is told $code ($status) for $cause, and asks no more often than it has to',
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

  test('is given back what was to be signed when its signature is another one', {
    tags: ['what-was-signed'],
  }, async () => {
    const error = await sdkOf(release, way, { by: 'liar' }).failure({ method: 'GET', key: 'dnadb' })
    expect(error.error?.FormatString).toMatch(/^get\n\/dnadb\n\n.*host=/s)
    expect(error.error?.StringToSign).toMatch(/^sha1\n\d+;\d+\n[0-9a-f]{40}\n?$/)
  })

  test('can send any Authorization, and is told what is wrong with it', {
    tags: ['any-authorization'],
  }, async () => {
    const { url } = stage
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

describe('the bucket that a host names', () => {
  test.each(['3.0.0', '2.15.4'] as const)(
    'is refused by SDK %s when the key may not use it',
    { tags: ['invalid-host'] },
    async (release) => {
      const error = await sdkOf(release, 'Ip', { by: 'narrow' }).failure({ method: 'GET', key: 'jobs' })
      expect([error.statusCode, error.code]).toEqual([400, 'InvalidHost'])
      expect(error.error?.Message).toContain(SDK_BUCKET)
    },
  )
})
