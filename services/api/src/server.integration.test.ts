import type { openApiDocument } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { JobQueue } from '@kinoprint/queue'
import { getJobs } from '@kinoprint/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp, startApi } from './index.ts'
import { ADMIN_TOKEN, addLibrary, jobXml, type RunningTestApi, startTestApi } from './testing/running-api.ts'
import { sendRequest, tag } from './testing/send-request.ts'

let api: RunningTestApi
let isQueueDown = false
let failing: string | null = null
beforeAll(async () => {
  api = await startTestApi(
    { trustProxy: ['loopback'], resultTag: 'DnaResult', signatureRequireHost: true, hmaToken: ADMIN_TOKEN },
    {
      readiness: { disk: async () => failing && Promise.reject(new Error(failing)) },
      wrapQueue: (queue: JobQueue): JobQueue => ({
        ...queue,
        enqueueMany: (jobs) => (isQueueDown ? unavailable() : queue.enqueueMany(jobs)),
        ping: () => (isQueueDown ? unavailable() : queue.ping()),
      }),
    },
  )
})
afterAll(() => api.close())

function unavailable(): Promise<never> {
  return Promise.reject(new Fault('ServiceUnavailable', 'Redis does not answer.'))
}
function get(target: string) {
  return api.send({ method: 'GET', target })
}

describe('health', () => {
  test('/healthz returns 200 while the process runs', async () => {
    const { status, text } = await get('/healthz')
    expect([status, text]).toEqual([200, '{"status":"ok"}'])
  })

  test('/readyz names the failing part', async () => {
    expect(JSON.parse((await get('/readyz')).text)).toEqual({ status: 'ready', failing: [], warnings: [] })
    isQueueDown = true
    failing = 'full'
    const { status, text } = await get('/readyz')
    isQueueDown = false
    failing = null
    expect(status).toBe(503)
    expect(JSON.parse(text)).toEqual({
      status: 'unavailable',
      failing: [
        { part: 'queue', message: 'Redis does not answer.' },
        { part: 'disk', message: 'full' },
      ],
      warnings: [],
    })
  })

  test('/metrics shows the registry, with route templates instead of paths as labels', async () => {
    await get('/dnadb')
    await get('/jobs/j123')
    await api.admin({ method: 'GET', target: '/admin/jobs/j123' })
    await get('/nothing/at/all')
    const { headers, text } = await get('/metrics')
    expect([headers['content-type'], text]).toEqual(['text/plain; version=0.0.4', 'kinoprint_up 1\n'])
    const routes = new Set(api.observed.map(({ route }) => route))
    for (const route of ['/dnadb', '/jobs/:jobIds', '/admin/jobs/:jobId', 'unknown']) {
      expect(routes).toContain(route)
    }
    expect(api.observed).toContainEqual({
      route: '/dnadb',
      method: 'GET',
      status: 401,
      code: 'MissingAuthorization',
      seconds: expect.any(Number),
    })
  })
})

describe('pages', () => {
  test('the home page and the API pages are complete and allow no scripts', {
    tags: ['page-scripts'],
  }, async () => {
    for (const [target, content] of [
      ['/', 'Kinoprint'],
      ['/docs', '/admin/libraries/{dnaDbId}'],
    ] as const) {
      const { status, headers, text } = await get(target)
      expect(status).toBe(200)
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(text).toContain(content)
      expect(text).not.toContain('<script')
    }
  })

  test('every route of the OpenAPI document exists', async () => {
    const { text } = await get('/openapi.json')
    const { paths } = JSON.parse(text) as ReturnType<typeof openApiDocument>
    expect(Object.keys(paths).length).toBeGreaterThan(25)
    for (const [path, verbs] of Object.entries(paths)) {
      for (const verb of Object.keys(verbs)) {
        const target = path.replace('{bucket}', 'films-125').replace(/\{\w+\}/g, 'x1')
        const answer = await fetch(`http://127.0.0.1:${api.port}${target}`, {
          method: verb.toUpperCase(),
          headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
          ...(verb === 'get' || verb === 'head' ? {} : { body: '{}' }),
        })
        // A stream of events has no end to wait for.
        const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream')
        const text = isStream ? String(await answer.body?.cancel()) : await answer.text()
        expect(`${verb} ${path}: ${text}`).not.toMatch(/InvalidUrl|The route .* does not exist/)
      }
    }
  })
})

describe('an unavailable queue', () => {
  test('a job is stored although the queue is unavailable, and the log reports it', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'films')
    isQueueDown = true
    const { status, text } = await api.signed({ method: 'POST', target: '/jobs', body: jobXml({ dnaDbId }) })
    isQueueDown = false
    expect([status, tag('State', text)]).toEqual([200, 'Submitted'])
    expect(await getJobs(api.db, [tag('JobId', text) ?? ''])).toMatchObject([{ state: 'Submitted' }])
    expect(api.logged.join()).toContain('Could not dispatch jobs')
  })
})

describe('settings', () => {
  test('the host that a trusted proxy forwards decides the bucket, and may be the signed one', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'behind a proxy')
    const host = 'films-125.ci.ap-x.myqcloud.com'
    const sent = { method: 'POST', target: '/jobs', body: jobXml({ dnaDbId }) }
    const { status, text } = await api.signed({
      ...sent,
      signHeaders: [['host', host]],
      headers: { 'x-forwarded-host': host },
    })
    expect([status, tag('BucketId', text), tag('Region', text)]).toEqual([200, 'films-125', 'ap-x'])
  })

  test('with SIGNATURE_REQUIRE_HOST a signature must cover the host', async () => {
    const { status, text } = await api.signed({ method: 'GET', target: '/dnadb', signHeaders: [] })
    expect([status, tag('Code', text)]).toEqual([401, 'InvalidAuthorization'])
  })
})

describe('startApi', () => {
  const options = () => ({
    ...api.options,
    port: 0,
    host: '127.0.0.1',
  })

  test('the error for a port in use names the port', async () => {
    await expect(startApi({ ...options(), port: api.port })).rejects.toThrow(/EADDRINUSE/)
  })

  test('closing lets running requests finish, ends streams and refuses new requests', async () => {
    let enter = (): void => undefined
    const entered = new Promise<void>((resolve) => {
      enter = resolve
    })
    let leave = (): void => undefined
    const left = new Promise<void>((resolve) => {
      leave = resolve
    })
    const gate = (): Promise<void> => {
      enter()
      return left
    }
    const second = await startApi({ ...options(), readiness: { gate } })
    const { dnaDbId } = await addLibrary(api.db, 'closing')
    const answer = await api.signed({ method: 'POST', target: '/jobs', body: jobXml({ dnaDbId }) })
    const jobId = tag('JobId', answer.text)
    const events = await fetch(`http://127.0.0.1:${second.port}/admin/jobs/${jobId}/events`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    })
    const underWay = sendRequest(second.port, { method: 'GET', target: '/readyz' })
    await entered
    // The event stream lasts until the job ends, and no worker runs it here.
    const closed = second.close()
    leave()
    await closed
    expect((await underWay).status).toBe(200)
    expect(await events.text()).toContain('"state":"Submitted"')
    await expect(sendRequest(second.port, { method: 'GET', target: '/healthz' })).rejects.toThrow(
      /ECONNREFUSED|ECONNRESET/,
    )
  })

  test('createApp returns an Express application that can be mounted', () => {
    expect(createApp(options())).toHaveProperty('listen')
  })
})
