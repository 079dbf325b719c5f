import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HealthServer, startHealthServer } from './health.ts'
import { createMetrics } from './metrics.ts'
import { checkReadiness } from './readiness.ts'

describe('the health server', () => {
  let server: HealthServer
  let databaseWorks = true
  const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method })

  beforeAll(async () => {
    server = await startHealthServer({
      host: '127.0.0.1',
      port: 0,
      metrics: createMetrics(),
      warnings: async () => [{ part: 'ffmpeg', message: 'old' }],
      checks: {
        database: async () => {
          if (!databaseWorks) throw new Error('connection refused')
        },
        queue: async () => undefined,
      },
    })
  })
  afterAll(() => server.close())

  test('the health server returns 200 for /healthz while the process runs', async () => {
    const answer = await get('/healthz')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ status: 'ok' })
  })

  test('the health server is ready while every part works, and names the part that fails', async () => {
    expect((await get('/readyz?verbose')).status).toBe(200)
    databaseWorks = false
    const answer = await get('/readyz')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({
      status: 'unavailable',
      failing: [{ part: 'database', message: 'connection refused' }],
      warnings: [{ part: 'ffmpeg', message: 'old' }],
    })
    expect((await get('/healthz')).status).toBe(200)
    databaseWorks = true
  })

  test('the health server serves metrics', async () => {
    const answer = await get('/metrics')
    expect(answer.headers.get('content-type')).toContain('text/plain')
    expect(await answer.text()).toContain('process_start_time_seconds')
  })

  test('the health server returns 404 for other paths and methods', async () => {
    expect((await get('/')).status).toBe(404)
    expect((await get('/healthz', 'POST')).status).toBe(404)
  })

  test('the health server names the port that it cannot listen on', async () => {
    const second = startHealthServer({
      host: '127.0.0.1',
      port: server.port,
      metrics: createMetrics(),
      checks: {},
    })
    await expect(second).rejects.toMatchObject({
      code: 'InvalidSettings',
      message: expect.stringContaining(`Port ${server.port} on 127.0.0.1 is in use by another program`),
    })
  })
})

test('a part that never responds counts as failed after the timeout', async () => {
  const checks = { silent: () => new Promise(() => undefined), well: async () => undefined }
  expect(await checkReadiness(checks, { timeoutMs: 20 })).toEqual({
    ready: false,
    failing: [{ part: 'silent', message: 'No response within 0.02 s.' }],
  })
})
