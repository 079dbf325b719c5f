import type { openApiDocument } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { JobQueue } from '@kinoprint/queue'
import { getJobs } from '@kinoprint/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp, startApi } from './index.ts'
import { ADMIN_TOKEN, addLibrary, jobXml, type RunningTestApi, startTestApi } from './testing/running-api.ts'
import { sendRequest, tag } from './testing/send-request.ts'

let api: RunningTestApi
let queueIsAway = false
let failing: string | null = null
beforeAll(async () => {
  api = await startTestApi(
    { trustProxy: ['loopback'], resultTag: 'DnaResult', signatureRequireHost: true },
    {
      readiness: { disk: async () => failing && Promise.reject(new Error(failing)) },
      wrapQueue: (queue: JobQueue): JobQueue => ({
        ...queue,
        enqueueMany: (jobs) => (queueIsAway ? away() : queue.enqueueMany(jobs)),
        ping: () => (queueIsAway ? away() : queue.ping()),
      }),
    },
  )
})
afterAll(() => api.close())

function away(): Promise<never> {
  return Promise.reject(new Fault('ServiceUnavailable', 'Redis does not answer.'))
}
function get(target: string) {
  return api.send({ method: 'GET', target })
}

describe('health', () => {
  test('/healthz answers as long as the process does', async () => {
    const { status, text } = await get('/healthz')
    expect([status, text]).toEqual([200, '{"status":"ok"}'])
  })

  test('/readyz names the part that fails', async () => {
    expect(JSON.parse((await get('/readyz')).text)).toEqual({ status: 'ready', failing: [], warnings: [] })
    queueIsAway = true
    failing = 'full'
    const { status, text } = await get('/readyz')
    queueIsAway = false
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

  test('/metrics is the text of the registry, fed with the templates of routes and not with their paths', async () => {
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
      seconds: expect.any(Number),
    })
  })
})

describe('pages', () => {
  test('the home page and the API pages are whole, and allow no script', {
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

  test('every route of the OpenAPI document is there', async () => {
    const { text } = await get('/openapi.json')
    const { paths } = JSON.parse(text) as ReturnType<typeof openApiDocument>
    expect(Object.keys(paths).length).toBeGreaterThan(25)
    for (const [path, verbs] of Object.entries(paths)) {
      for (const verb of Object.keys(verbs)) {
        const target = path.replace(/\{\w+\}/g, 'x1')
        const answer = await api.admin({ method: verb.toUpperCase(), target, body: '{}' })
        expect(`${verb} ${path}: ${answer.text}`).not.toMatch(/InvalidUrl|There is no route/)
      }
    }
  })
})

describe('a queue that is away', () => {
  test('lets a job be submitted all the same: its row stands, and the log says so', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'films')
    queueIsAway = true
    const { status, text } = await api.signed({ method: 'POST', target: '/jobs', body: jobXml({ dnaDbId }) })
    queueIsAway = false
    expect([status, tag('State', text)]).toEqual([200, 'Submitted'])
    expect(await getJobs(api.db, [tag('JobId', text) ?? ''])).toMatchObject([{ state: 'Submitted' }])
    expect(api.said.join()).toContain('The queue did not take a job')
  })
})

describe('settings', () => {
  test('the host that a trusted proxy was asked for names the bucket, and may have been signed', async () => {
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

  test('a signature must cover the host where that is demanded', async () => {
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

  test('says which port is taken', async () => {
    await expect(startApi({ ...options(), port: api.port })).rejects.toThrow(/EADDRINUSE/)
  })

  test('closing lets a request under way end, ends streams, and takes no further ones', async () => {
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
    // The stream of events would last until the job ends, which no worker runs here.
    const closed = second.close()
    leave()
    await closed
    expect((await underWay).status).toBe(200)
    expect(await events.text()).toContain('"state":"Submitted"')
    await expect(sendRequest(second.port, { method: 'GET', target: '/healthz' })).rejects.toThrow(
      /ECONNREFUSED|ECONNRESET/,
    )
  })

  test('createApp is an express application that can be mounted', () => {
    expect(createApp(options())).toHaveProperty('listen')
  })
})
