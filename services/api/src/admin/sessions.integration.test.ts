import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN_TOKEN, type RunningTestApi, startTestApi } from '../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi({ wrongKeysPerMinute: 3 })
})
afterAll(() => api.close())

/** Signs in and returns the cookie as a browser sends it, and the value for changing requests. */
async function signIn(changes: { token?: string; headers?: Record<string, string> } = {}) {
  const answered = await api.send({
    method: 'POST',
    target: '/admin/session',
    headers: changes.headers ?? {},
    body: JSON.stringify({ token: changes.token ?? ADMIN_TOKEN, name: 'Li' }),
  })
  const [written = ''] = answered.headers['set-cookie'] ?? []
  const { csrf = '' } = JSON.parse(answered.text) as { csrf?: string }
  return { ...answered, written, cookie: written.split(';', 1)[0] ?? '', csrf }
}

function get(target: string, headers: Record<string, string>) {
  return api.send({ method: 'GET', target, headers })
}

test('signing in sets a cookie that scripts and other sites cannot use, and that reads', async () => {
  const { status, written, cookie } = await signIn()
  expect(status).toBe(201)
  expect(written).toMatch(/^kinoprint_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/)
  expect((await get('/admin/libraries', { cookie })).status).toBe(200)
  const session = JSON.parse((await get('/admin/session', { cookie })).text)
  expect(session).toMatchObject({ name: 'Li' })
  expect(Date.parse(session.expiresAt) - Date.now()).toBeGreaterThan(11 * 3_600_000)
})

test('a cookie changes something only together with the CSRF value of its own session', async () => {
  const { cookie, csrf } = await signIn()
  const other = await signIn()
  const create = (headers: Record<string, string>) =>
    api.send({
      method: 'POST',
      target: '/admin/libraries',
      headers,
      body: JSON.stringify({ name: `with ${headers['x-kinoprint-csrf']}` }),
    })
  for (const wrong of [{}, { 'x-kinoprint-csrf': '' }, { 'x-kinoprint-csrf': other.csrf }])
    expect((await create({ cookie, ...wrong })).status).toBe(403)
  expect((await create({ cookie, 'x-kinoprint-csrf': csrf })).status).toBe(201)
})

test('a session that was ended, signed out or has expired admits nothing', async () => {
  const [first, second, third] = [await signIn(), await signIn(), await signIn()]
  const sessions = JSON.parse((await get('/admin/sessions', { cookie: first.cookie })).text)
  const own = sessions.items.find(({ current }: { current: boolean }) => current)
  expect(own).toMatchObject({ name: 'Li', address: '127.0.0.1' })
  const headers = { cookie: second.cookie, 'x-kinoprint-csrf': second.csrf }
  const ended = await api.send({ method: 'DELETE', target: `/admin/sessions/${own.sessionId}`, headers })
  expect(ended.status).toBe(204)
  const out = await api.send({ method: 'DELETE', target: '/admin/session', headers })
  expect(out.status).toBe(204)
  expect(out.headers['set-cookie']).toEqual([
    expect.stringMatching(/^kinoprint_session=; Path=\/; Max-Age=0;/),
  ])
  await api.db.pool.query('update sessions set expires_at = clock_timestamp()')
  for (const { cookie } of [first, second, third]) {
    const refused = await get('/admin/libraries', { cookie })
    expect(refused.status).toBe(401)
    expect(refused.text).toContain('The session has ended.')
  }
  await signIn()
  const { rows } = await api.db.pool.query('select from sessions')
  expect(rows).toHaveLength(1)
})

test('a session is extended at most once a minute, and never beyond seven days', async () => {
  const { cookie } = await signIn()
  const sessionOf = async () => JSON.parse((await get('/admin/session', { cookie })).text)
  const before = await sessionOf()
  expect(await sessionOf()).toEqual(before)
  await api.db.pool.query(`update sessions set last_used_at = last_used_at - interval '2 minutes',
    created_at = clock_timestamp() - interval '167 hours'`)
  const late = await sessionOf()
  expect(Date.parse(late.expiresAt) - Date.now()).toBeLessThan(3_600_000)
})

test('a cookie in another format is ignored, and the token still works', async () => {
  for (const cookie of [
    'kinoprint_session=',
    'kinoprint_session=a; x=y',
    `kinoprint_session=${'é'.repeat(9)}`,
  ])
    expect((await get('/admin/libraries', { cookie })).text).toContain('Send the admin token')
  const { cookie } = await signIn()
  const mixed = { cookie: `a=b; ${cookie}`, authorization: `Bearer ${ADMIN_TOKEN}` }
  expect((await get('/admin/session', mixed)).status).toBe(404)
  expect((await get('/admin/session', { cookie: `a=b; ${cookie}` })).status).toBe(200)
})

test('wrong tokens are refused, and counted like those in a header', async () => {
  for (let attempt = 0; attempt < 3; attempt++) {
    const wrong = await signIn({ token: 'guess' })
    expect(wrong.status).toBe(401)
    expect(wrong.written).toBe('')
  }
  expect((await signIn({ token: 'guess' })).status).toBe(429)
})
