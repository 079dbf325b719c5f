import { createConnection } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { tag } from '../testing/send-request.ts'

const OURS = 'https://app.example.com'
const OTHER = 'https://evil.example.com'

let listed: RunningTestApi
let forAll: RunningTestApi
let closed: RunningTestApi
let slow: RunningTestApi
beforeAll(async () => {
  listed = await startTestApi({ corsOrigins: [OURS, 'http://localhost:5173'] })
  forAll = await startTestApi({ corsOrigins: ['*'] })
  closed = await startTestApi()
  slow = await startTestApi({ corsOrigins: [OURS], requestsPerSecond: 1 })
})
afterAll(() => Promise.all([listed, forAll, closed, slow].map((api) => api.close())))

function allowed(api: RunningTestApi, target: string, origin?: string, method = 'GET') {
  return api.send({ method, target, headers: origin === undefined ? {} : { origin } })
}

function preflight(api: RunningTestApi, origin: string, headers = 'authorization') {
  return api.send({
    method: 'OPTIONS',
    target: '/jobs',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': headers,
    },
  })
}

describe('CORS preflight', () => {
  test('a preflight from an allowed origin gets 200 and allows the headers of the SDKs', {
    tags: ['cors-preflight'],
  }, async () => {
    const asked = 'authorization,content-type,content-md5,x-cos-security-token,x-ci-anything,x-other,cookie'
    const { status, headers } = await preflight(listed, OURS, asked)
    expect(status).toBe(200)
    expect(headers['access-control-allow-origin']).toBe(OURS)
    expect(headers['access-control-allow-methods']).toBe('GET, HEAD, POST, PUT, DELETE')
    expect(headers['access-control-allow-headers']).toBe(
      'authorization, content-type, content-md5, x-cos-security-token, x-ci-anything',
    )
    expect(headers.vary).toBe('Origin')
    expect((await preflight(forAll, OTHER)).headers['access-control-allow-origin']).toBe('*')
  })

  test('a preflight from another origin is rejected, and the message names CORS_ORIGINS', async () => {
    for (const [api, origin] of [
      [listed, OTHER],
      [listed, `${OURS}.evil.example`],
      [listed, 'null'],
      [closed, OURS],
    ] as const) {
      const { status, text, headers } = await preflight(api, origin)
      expect([status, tag('Code', text)]).toEqual([403, 'AccessDenied'])
      expect(text).toContain('CORS_ORIGINS')
      expect(headers['access-control-allow-origin']).toBeUndefined()
    }
  })
})

describe('CORS headers', () => {
  test.each([
    ['an unsigned request', '/jobs', 'GET'],
    ['an unknown path', '/nothing', 'GET'],
    ['a method that the route does not support', '/queue', 'DELETE'],
    ['a NUL in the query', '/jobs?a=%00', 'GET'],
    ['a path that is not UTF-8', '/jobs/%ff', 'GET'],
    ['a health check', '/healthz', 'GET'],
    ['an OPTIONS request that is not a preflight', '/queue', 'OPTIONS'],
  ])('the response to %s allows the origin', { tags: ['cors-answers'] }, async (_, target, method) => {
    const { headers } = await allowed(listed, target, OURS, method)
    expect(headers['access-control-allow-origin']).toBe(OURS)
    expect(headers['access-control-expose-headers']?.split(', ')).toEqual(
      expect.arrayContaining(['Date', 'x-ci-request-id', 'x-cos-request-id', 'x-cos-trace-id']),
    )
    const other = await allowed(listed, target, OTHER, method)
    expect(other.headers['access-control-allow-origin']).toBeUndefined()
    expect(other.headers.vary).toBe('Origin')
  })

  test('a SlowDown response allows the origin', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => allowed(slow, '/jobs', OURS)))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.every(({ headers }) => headers['access-control-allow-origin'] === OURS)).toBe(true)
  })

  test('the response to a malformed request allows the origin', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const bytes = `GET /jobs HTTP/1.1\r\nHost: x\r\nOrigin: ${OURS}\r\nbroken header\r\n\r\n`
      const socket = createConnection(listed.port, '127.0.0.1', () => socket.write(bytes))
      let received = ''
      socket.on('data', (chunk) => {
        received += chunk.toString()
      })
      socket.on('error', reject)
      socket.on('close', () => resolve(received))
    })
    expect(text).toMatch(/^HTTP\/1.1 400 /)
    expect(text).toContain(`Access-Control-Allow-Origin: ${OURS}\r\n`)
  })

  test('without CORS_ORIGINS no response allows an origin, and responses of /admin never do', async () => {
    expect((await allowed(closed, '/jobs', OURS)).headers).not.toHaveProperty('access-control-allow-origin')
    for (const target of ['/admin/stats', '/admin', '/admin?x']) {
      const { headers } = await allowed(forAll, target, OURS)
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    }
  })
})
