import { createConnection } from 'node:net'
import { signRequest } from '@kinoprint/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addLibrary, jobXml, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { tag } from '../testing/send-request.ts'

const SIGNED = 'films-125.ci.ap-x.myqcloud.com'
const OTHER = 'payroll-125.ci.ap-x.myqcloud.com'

/** One API without a proxy, and one behind a trusted proxy. */
const apis = { direct: false, proxied: 1 } as const
const running = {} as Record<keyof typeof apis, RunningTestApi>
const bodies = {} as Record<keyof typeof apis, string>
beforeAll(async () => {
  for (const name of ['direct', 'proxied'] as const) {
    running[name] = await startTestApi({ trustProxy: apis[name], signatureRequireHost: true })
    bodies[name] = jobXml({ dnaDbId: (await addLibrary(running[name].db, 'films')).dnaDbId })
  }
})
afterAll(() => Promise.all(Object.values(running).map((api) => api.close())))

type Asked = {
  readonly by?: keyof typeof apis
  readonly target?: string
  readonly headers: readonly string[]
  readonly signedHost?: string
}

/** Submits a job with a signature over a host. Sends the given headers unchanged. */
async function submit({ by = 'direct', target = '/jobs', headers, signedHost = SIGNED }: Asked) {
  const { port, key } = running[by]
  const body = bodies[by]
  const now = Math.floor(Date.now() / 1000)
  const authorization = signRequest({
    method: 'POST',
    target: '/jobs',
    headers: [['host', signedHost]],
    ...key,
    startSeconds: now - 60,
    endSeconds: now + 60,
  })
  const head = [
    `POST ${target} HTTP/1.1`,
    ...headers,
    `Authorization: ${authorization}`,
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  const text = await exchange(port, `${head.join('\r\n')}\r\n\r\n${body}`)
  const status = Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1])
  return { status, code: tag('Code', text), bucket: tag('BucketId', text) }
}

function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(bytes))
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
  })
}

const films = { status: 200, bucket: 'films-125' }
const mismatch = { status: 403, code: 'SignatureDoesNotMatch' }
const malformed = { status: 400, code: 'InvalidArgument' }

describe('a signature over the host of a bucket', () => {
  test('a signed host gives access to its bucket, with and without a port', async () => {
    for (const by of ['direct', 'proxied'] as const) {
      for (const host of [SIGNED, `${SIGNED}:8080`]) {
        expect(await submit({ by, headers: [`Host: ${host}`] })).toMatchObject(films)
      }
    }
  })

  test.each<[string, Asked]>([
    ['an absolute target', { target: `http://${OTHER}/jobs`, headers: [`Host: ${SIGNED}`] }],
    ['an absolute target with a port', { target: `https://${OTHER}:443/jobs`, headers: [`Host: ${SIGNED}`] }],
    ['an absolute target with an unofficial name', { target: 'http://x/jobs', headers: [`Host: ${SIGNED}`] }],
    ['an absolute target and its Host', { target: `http://${OTHER}/jobs`, headers: [`Host: ${OTHER}`] }],
    ['X-Forwarded-Host', { by: 'proxied', headers: [`Host: ${SIGNED}`, `X-Forwarded-Host: ${OTHER}`] }],
    [
      'X-Forwarded-Host before the entry of a proxy',
      { by: 'proxied', headers: [`Host: ${SIGNED}`, `X-Forwarded-Host: ${OTHER}, ${SIGNED}`] },
    ],
    [
      'two X-Forwarded-Host headers',
      {
        by: 'proxied',
        headers: [`Host: ${SIGNED}`, `X-Forwarded-Host: ${OTHER}`, `X-Forwarded-Host: ${SIGNED}`],
      },
    ],
    [
      'X-Forwarded-Host together with an absolute target',
      {
        by: 'proxied',
        target: `http://${SIGNED}/jobs`,
        headers: [`Host: ${SIGNED}`, `X-Forwarded-Host: ${OTHER}`],
      },
    ],
    ['a Host with an unofficial name', { headers: ['Host: films-125.example'] }],
  ])(
    '%s gives no access to another bucket',
    { tags: ['signed-host', 'host-elsewhere'] },
    async (_, asked) => {
      expect(await submit(asked)).toMatchObject(mismatch)
    },
  )

  test.each<[string, Asked]>([
    ['two Host headers', { headers: [`Host: ${SIGNED}`, `Host: ${OTHER}`] }],
    ['the same Host twice', { headers: [`Host: ${SIGNED}`, `Host: ${SIGNED}`] }],
    ['a user name in Host', { headers: [`Host: ${SIGNED}@${OTHER}`] }],
    ['a user name in the target', { target: `http://${SIGNED}@${OTHER}/jobs`, headers: [`Host: ${SIGNED}`] }],
    ['brackets around a name', { headers: [`Host: [${SIGNED}]`] }],
    ['two ports', { headers: [`Host: ${SIGNED}:80:80`] }],
    ['a path in Host', { headers: [`Host: ${SIGNED}/x`] }],
    [
      'an invalid forwarded host',
      { by: 'proxied', headers: [`Host: ${SIGNED}`, `X-Forwarded-Host: ${SIGNED}@x`] },
    ],
    ['no Host', { headers: [] }],
  ])('a request with %s is rejected', { tags: ['signed-host'] }, async (_, asked) => {
    expect(await submit(asked)).toMatchObject(malformed)
  })

  test('X-Forwarded-Host is ignored unless its proxy is trusted', async () => {
    const headers = [`Host: ${SIGNED}`, `X-Forwarded-Host: ${OTHER}`]
    expect(await submit({ headers })).toMatchObject(films)
    expect(await submit({ headers, signedHost: OTHER })).toMatchObject(mismatch)
  })

  test('a signed host matches an absolute target, and the Host that a trusted proxy replaced', async () => {
    const absolute = { target: `http://${SIGNED}/jobs`, headers: ['Host: proxy.test:3128'] }
    expect(await submit(absolute)).toMatchObject(films)
    const headers = ['Host: kinoprint:8080', `X-Forwarded-Host: ${SIGNED}`]
    expect(await submit({ by: 'proxied', headers })).toMatchObject(films)
  })
})
