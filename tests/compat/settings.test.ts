import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { type CompatHarness, OFFICIAL_HOST, openCompatHarness } from './compat-harness.ts'
import { expectGolden } from './golden.ts'
import { exchange, textOf } from './raw-http.ts'
import { SDK_BUCKET, SDK_REGION } from './sdk.ts'
import { authorizationOf, type Pair } from './sign.ts'

let harness: CompatHarness
let library: string
beforeAll(async () => {
  harness = await openCompatHarness({
    TRUST_PROXY: '1',
    RESULT_TAG: 'DnaResult',
    DEDUPE_SECONDS: '0',
    SIGNATURE_REQUIRE_HOST: 'on',
    DEFAULT_BUCKET: 'standard-125',
    DEFAULT_REGION: 'ap-standard',
  })
  library = await harness.library()
})
afterAll(() => harness.close(), 40_000)

function body() {
  return jobXml({ rule: 'FindSimilarVideo', library, object: 'none.mp4' })
}

/** The headers that a reverse proxy sends: its own Host, and the client's host in X-Forwarded-Host. */
function forwarded(signed: readonly Pair[], headers: readonly Pair[]) {
  const authorization = authorizationOf({ method: 'POST', path: '/jobs', headers: signed, key: harness.key })
  const length: Pair = ['Content-Length', String(Buffer.byteLength(body()))]
  return exchange(harness.url, {
    method: 'POST',
    target: '/jobs',
    headers: [['Host', 'kinoprint:8080'], length, ...headers, ['Authorization', authorization]],
    body: body(),
  })
}

describe('behind a trusted proxy', () => {
  test('the forwarded host names bucket and region and can be the signed one', {
    tags: ['proxy-trusted'],
  }, async () => {
    for (const host of [OFFICIAL_HOST, `${OFFICIAL_HOST}:443`]) {
      const answer = await forwarded(
        [['host', OFFICIAL_HOST]],
        [
          ['X-Forwarded-Host', host],
          ['X-Forwarded-Proto', 'https'],
        ],
      )
      expect([textOf(answer, 'BucketId'), textOf(answer, 'Region')]).toEqual([SDK_BUCKET, SDK_REGION])
    }
  })

  test('the signature can cover a port that the proxy removed from the host', {
    tags: ['proxy-port'],
  }, async () => {
    const answer = await forwarded(
      [['host', 'video.test:8443']],
      [
        ['X-Forwarded-Host', 'video.test'],
        ['X-Forwarded-Port', '8443'],
      ],
    )
    expect(answer.status, answer.text).toBe(200)
  })

  test('a request without a forwarded host uses the default bucket and region', async () => {
    const answer = await forwarded([['host', 'kinoprint:8080']], [])
    expect([textOf(answer, 'BucketId'), textOf(answer, 'Region')]).toEqual(['standard-125', 'ap-standard'])
  })
})

describe('a setting', () => {
  test('SIGNATURE_REQUIRE_HOST refuses a signature that does not cover the host', async () => {
    const answer = await forwarded([], [])
    expectGolden(answer, 'error-InvalidAuthorization', { status: 401, known: { resource: '/jobs' } })
  })

  test('DEDUPE_SECONDS of 0 creates a job for every request', { tags: ['dedupe-off'] }, async () => {
    await harness.queue('Paused')
    const ids = [
      await forwarded([['host', 'kinoprint:8080']], []),
      await forwarded([['host', 'kinoprint:8080']], [['x-cos-sdk-retry', 'true']]),
    ]
    expect(new Set(ids.map((answer) => textOf(answer, 'JobId'))).size).toBe(2)
    await harness.queue('Active')
  })

  test('RESULT_TAG narrows a response to one of the two results', { tags: ['result-tag'] }, async () => {
    await harness.put('film.mp4', { seed: 91, seconds: 10 })
    const post = await harness.raw({
      method: 'POST',
      path: '/jobs',
      body: jobXml({ rule: 'FindSimilarVideo', library, object: 'film.mp4' }),
    })
    const jobId = textOf(post, 'JobId')
    await harness.admin.ended(jobId)
    const known = { dnaDbId: library, object: 'film.mp4', jobId, videoId: `dv${jobId.slice(1)}` }
    expectGolden(await harness.raw({ method: 'GET', path: `/jobs/${jobId}` }), 'get-jobs-found-dnaresult', {
      known,
    })
  })
})
