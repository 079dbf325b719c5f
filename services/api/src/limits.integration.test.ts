import { createKey } from '@kinoprint/store'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ADMIN_TOKEN, type RunningTestApi, startTestApi } from './testing/running-api.ts'
import type { Sent } from './testing/send-request.ts'
import { tag } from './testing/send-request.ts'

const WRONG_MAX = 6

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi({ wrongKeysPerMinute: WRONG_MAX, trustProxy: ['loopback'] })
})
afterAll(() => api.close())

/** Short enough to be guessed. */
const WEAK = 'kino-2026'

/** Headers of a trusted proxy that name a different client address for each test. */
function from(address: string) {
  return { 'x-forwarded-for': address }
}
function list(address: string, key?: { secretId: string; secretKey: string }) {
  const sent = { method: 'GET', target: '/dnadb', headers: from(address) }
  return api.signed(key === undefined ? sent : { ...sent, key })
}
async function times<T>(count: number, act: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let n = 0; n < count; n++) results.push(await act())
  return results
}
function codes(answers: readonly { text: string }[]) {
  return answers.map(({ text }) => tag('Code', text))
}

describe('failed signatures', () => {
  const stranger = { secretId: 'AKIDnobody', secretKey: 'guess' }

  test('an address that sends too many wrong signatures gets SlowDown; other addresses do not', {
    tags: ['wrong-keys', 'slow-keys'],
  }, async () => {
    const tried = codes(await times(WRONG_MAX + 3, () => list('198.51.100.1', stranger)))
    expect(tried.slice(0, WRONG_MAX)).toEqual(Array(WRONG_MAX).fill('SecretidNotExist'))
    expect(tried.slice(WRONG_MAX)).toEqual(Array(3).fill('SlowDown'))
    const answer = await list('198.51.100.1', { ...api.key, secretKey: 'guess' })
    expect([answer.status, answer.headers['retry-after'], answer.headers.server]).toEqual([
      429,
      '1',
      'tencent-ci',
    ])
    expect((await list('198.51.100.2')).status).toBe(200)
  })

  test('wrong signatures do not lock out an unguessable key at the same address, whether its id is known or new', {
    tags: ['wrong-keys'],
  }, async () => {
    await times(WRONG_MAX + 3, () => list('198.51.100.3', stranger))
    expect((await list('198.51.100.3', stranger)).status).toBe(429)
    expect((await list('198.51.100.3')).status).toBe(200)
    const guess = { ...api.key, secretKey: 'guess' }
    const tried = codes(await times(WRONG_MAX + 2, () => list('198.51.100.3', guess)))
    expect(tried.slice(-3)).toEqual(['SignatureDoesNotMatch', 'SlowDown', 'SlowDown'])
    expect((await list('198.51.100.3')).status).toBe(200)
  })

  test('over the limit a guessable key is rejected unchecked, unless it has succeeded from that address before', {
    tags: ['guessable-keys'],
  }, async () => {
    const { encryptionKey } = api.options.secrets
    const weak = await createKey(api.db, {
      encryptionKey,
      name: 'weak',
      secretId: 'AKIDweak',
      secretKey: WEAK,
    })
    expect((await list('198.51.100.11', weak)).status).toBe(200)
    for (const address of ['198.51.100.11', '198.51.100.12'])
      await times(WRONG_MAX + 1, () => list(address, stranger))
    expect((await list('198.51.100.11', weak)).status).toBe(200)
    expect((await list('198.51.100.12', weak)).status).toBe(429)
    const guess = { ...weak, secretKey: 'guess' }
    const tried = codes(await times(WRONG_MAX + 1, () => list('198.51.100.11', guess)))
    expect(tried.slice(-2)).toEqual(['SignatureDoesNotMatch', 'SlowDown'])
    expect((await list('198.51.100.11', weak)).status).toBe(429)
  })

  test('over the limit, unknown ids cost no database query', async () => {
    await times(WRONG_MAX + 1, () => list('198.51.100.13', stranger))
    const statements = vi.spyOn(api.db.pool, 'query')
    const ids = Array.from({ length: 50 }, (_, n) => ({ secretId: `AKIDnobody${n}`, secretKey: 'guess' }))
    for (const key of ids) expect((await list('198.51.100.13', key)).status).toBe(429)
    // The list of existing ids is read once every two seconds.
    expect(statements.mock.calls.length).toBeLessThan(10)
    statements.mockRestore()
  })

  test('concurrent wrong signatures are all counted', { tags: ['wrong-keys'] }, async () => {
    const flood = Array.from({ length: 100 }, () => list('198.51.100.5', stranger))
    const answers = await Promise.all(flood)
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true)
    expect((await list('198.51.100.5', stranger)).status).toBe(429)
  })

  test('expired signatures are not counted', async () => {
    const fields = ['q-sign-algorithm=sha1', `q-ak=${api.key.secretId}`, 'q-sign-time=1;2', 'q-key-time=1;2']
    const authorization = [...fields, 'q-header-list=', 'q-url-param-list=', 'q-signature=0'].join('&')
    const headers = { ...from('198.51.100.6'), authorization }
    const tried = await times(WRONG_MAX * 2, () => api.send({ method: 'GET', target: '/dnadb', headers }))
    expect(codes(tried)).toEqual(Array(WRONG_MAX * 2).fill('SignatureExpired'))
  })
})

describe('wrong admin tokens', () => {
  const ask = (address: string, token: string, at: RunningTestApi = api) => {
    const headers = { ...from(address), authorization: `Bearer ${token}` }
    return at.send({ method: 'GET', target: '/admin/stats', headers })
  }

  test('an address that sends too many wrong tokens gets SlowDown, but an unguessable correct token still succeeds', {
    tags: ['wrong-keys'],
  }, async () => {
    const tried = await times(WRONG_MAX + 2, () => ask('198.51.100.7', 'guess'))
    expect(tried.map(({ status }) => status)).toEqual([...Array(WRONG_MAX).fill(401), 429, 429])
    expect(JSON.parse(tried.at(-1)?.text ?? '').error.code).toBe('SlowDown')
    expect((await ask('198.51.100.7', ADMIN_TOKEN)).status).toBe(200)
    expect((await ask('198.51.100.7', `${ADMIN_TOKEN}-`)).status).toBe(429)
    expect((await ask('198.51.100.8', ADMIN_TOKEN)).status).toBe(200)
  })

  test('over the limit a guessable token is rejected unchecked', {
    tags: ['guessable-keys'],
  }, async () => {
    const weak = await startTestApi(
      { wrongKeysPerMinute: WRONG_MAX, trustProxy: ['loopback'] },
      { secrets: { ...api.options.secrets, adminToken: WEAK } },
    )
    try {
      expect((await ask('198.51.100.14', WEAK, weak)).status).toBe(200)
      await times(WRONG_MAX, () => ask('198.51.100.14', 'guess', weak))
      expect((await ask('198.51.100.14', WEAK, weak)).status).toBe(429)
      expect((await ask('198.51.100.15', WEAK, weak)).status).toBe(200)
    } finally {
      await weak.close()
    }
  })
})

describe('request rate of an address', () => {
  test.each([
    ['compatible routes', '/dnadb', 'tencent-ci'],
    ['admin routes', '/admin/stats', undefined],
    ['public pages', '/readyz', 'tencent-ci'],
  ])(
    '%s return SlowDown over the limit, before any lookup',
    { tags: ['rate-limit', 'slow-rate'] },
    async (_what, target, server) => {
      const limited = await startTestApi({ requestsPerSecond: 10, trustProxy: ['loopback'] })
      try {
        const sent = (address: string): Sent => ({ method: 'GET', target, headers: from(address) })
        const answers = await Promise.all(
          Array.from({ length: 60 }, () => limited.send(sent('198.51.100.9'))),
        )
        const slow = answers.filter(({ status }) => status === 429)
        expect(slow.length).toBeGreaterThan(20)
        expect(slow[0]?.headers['retry-after']).toBe('1')
        expect(slow[0]?.headers.server).toBe(server)
        expect(slow[0]?.text).toContain('SlowDown')
        expect(answers.filter(({ status }) => status !== 429).length).toBeGreaterThanOrEqual(20)
        expect((await limited.send(sent('198.51.100.10'))).status).not.toBe(429)
        expect((await limited.send({ ...sent('198.51.100.9'), target: '/healthz' })).status).toBe(200)
      } finally {
        await limited.close()
      }
    },
  )
})
