import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdminClient, type RouteAnswer } from '@kinoprint/contract'
import { roles } from '@kinoprint/core'
import type { OidcSettings } from '@kinoprint/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  startIdentityProvider,
  TEST_CLIENT,
  type TestIdentityProvider,
} from '../testing/identity-provider.ts'
import { ADMIN_TOKEN, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { type CookieJar, visit } from '../testing/visit.ts'

let folder: string
let provider: TestIdentityProvider
let api: RunningTestApi
let oidc: { -readonly [Name in keyof OidcSettings]: OidcSettings[Name] }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinoprint-oidc-'))
  await writeFile(join(folder, 'index.html'), '<!doctype html>')
  oidc = {
    ...TEST_CLIENT,
    issuer: '',
    scopes: 'openid profile email roles',
    roleClaim: 'roles',
    roles: new Map(roles.map((role) => [`kp-${role}`, role])),
    defaultRole: null,
    publicUrl: '',
  }
  api = await startTestApi({ oidc }, { consoleDir: folder })
  oidc.publicUrl = `http://127.0.0.1:${api.port}`
  provider = await startIdentityProvider(oidc.publicUrl)
  oidc.issuer = provider.issuer
})
afterAll(async () => {
  await api.close()
  await provider.close()
  await rm(folder, { recursive: true, force: true })
})

const LAST_PAGE = /\/console\/(?:sign-in|overview)/

function open(path: string, jar: CookieJar = new Map()): Promise<URL> {
  return visit(`${oidc.publicUrl}${path}`, { jar, stop: LAST_PAGE })
}

/** Signs a person in, and returns the last page and the cookie. */
async function signIn(name: string, given: readonly string[], path = '/console/oidc/sign-in') {
  provider.person = { sub: `id of ${name}`, name, email: `${name}@example.com`, roles: given }
  const jar: CookieJar = new Map()
  const page = await open(path, jar)
  const value = jar.get(oidc.publicUrl)?.get('kinoprint_session')
  return { page, jar, cookie: value === undefined ? '' : `kinoprint_session=${value}` }
}

async function get(target: string, cookie: string) {
  const answered = await api.send({ method: 'GET', target, headers: { cookie } })
  return { ...answered, json: JSON.parse(answered.text) as RouteAnswer<'getSession'> }
}

function adminClient() {
  return createAdminClient(oidc.publicUrl, ADMIN_TOKEN)
}

test('a person signs in with a code and PKCE, and gets the role of the highest claim', async () => {
  const wanted = encodeURIComponent('/console/matches?state=open')
  const { page, cookie } = await signIn(
    'Li',
    ['kp-viewer', 'kp-reviewer'],
    `/console/oidc/sign-in?to=${wanted}`,
  )
  expect(page.pathname).toBe('/console/sign-in')
  expect(Object.fromEntries(page.searchParams)).toEqual({ done: '1', to: '/console/matches?state=open' })
  const { json } = await get('/admin/session', cookie)
  expect(json).toMatchObject({
    name: 'Li',
    role: 'reviewer',
    userId: expect.stringMatching(/^u[0-9a-f]{32}$/),
  })
  const users = await adminClient().listUsers({ query: { q: 'li@' } })
  expect(users.items).toMatchObject([
    { name: 'Li', email: 'Li@example.com', role: 'reviewer', givenRole: null },
  ])
  const audit = await adminClient().listAudit({ query: { who: json.userId ?? '' } })
  expect(audit.items).toMatchObject([{ action: 'signIn', actor: { name: 'Li', role: 'reviewer' } }])
})

test('every cookie of a sign-in is closed to scripts, and the session is closed to other sites', async () => {
  const first = await fetch(`${oidc.publicUrl}/console/oidc/sign-in?to=//evil.test`, { redirect: 'manual' })
  expect(first.status).toBe(303)
  expect(first.headers.get('cache-control')).toBe('no-store')
  expect(first.headers.getSetCookie()).toEqual([
    expect.stringMatching(
      /^kinoprint_oidc_.{12}=[\w-]+; Max-Age=600; Path=\/console\/oidc; HttpOnly; SameSite=Lax$/,
    ),
  ])
  const url = new URL(first.headers.get('location') ?? '')
  expect(url.origin).toBe(provider.issuer)
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    nonce: expect.any(String),
    redirect_uri: `${oidc.publicUrl}/console/oidc/callback`,
  })
  const { page } = await signIn('Li', ['kp-viewer'], '/console/oidc/sign-in?to=//evil.test')
  expect(page.searchParams.get('to')).toBe('/console/overview')
})

test.each(roles)(
  'over HTTP, a %s may call the routes of that role and is refused those above',
  async (role) => {
    const { cookie } = await signIn(`the ${role}`, [`kp-${role}`])
    const { csrf } = (await get('/admin/session', cookie)).json
    const client = createAdminClient(oidc.publicUrl, { headers: { cookie, 'x-kinoprint-csrf': csrf } })
    const calls = [
      () => client.listLibraries(),
      () => client.undoDecisions({ params: { batchId: 'b0' } }),
      () => client.deleteLibrary({ params: { dnaDbId: 'Db0' } }),
      () => client.revokeKey({ params: { secretId: 'AKID0' } }),
    ]
    const outcomes = await Promise.all(
      calls.map((call) =>
        call().then(
          () => 'done',
          (error: { code: string }) => error.code,
        ),
      ),
    )
    const allowed = roles.indexOf(role) + 1
    const expected = ['done', 'NotFound', 'NotFound', 'NotFound']
    expect(outcomes).toEqual([
      ...expected.slice(0, allowed),
      ...expected.slice(allowed).map(() => 'AccessDenied'),
    ])
  },
)

test('a person cannot change anything without the CSRF value, even as an admin', async () => {
  const { cookie } = await signIn('Boss', ['kp-admin'])
  const refused = await api.send({
    method: 'POST',
    target: '/admin/libraries',
    headers: { cookie },
    body: '{}',
  })
  expect(refused.status).toBe(403)
  expect(refused.text).toContain('X-Kinoprint-Csrf')
})

test('a person without a role is refused until an admin gives one, and signed out when it is taken', async () => {
  const refused = await signIn('New', ['others'])
  expect(refused.page.searchParams.get('problem')).toBe('role')
  expect(refused.page.searchParams.get('request')).not.toBeNull()
  expect(refused.cookie).toBe('')
  const admin = adminClient()
  const [user] = (await admin.listUsers({ query: { q: 'New' } })).items
  expect(user?.role).toBeNull()
  const params = { userId: user?.userId ?? '' }
  await admin.updateUser({ params, body: { givenRole: 'operator' } })
  const { cookie } = await signIn('New', ['others'])
  expect((await get('/admin/session', cookie)).json).toMatchObject({ role: 'operator' })
  await admin.updateUser({ params, body: { givenRole: 'viewer' } })
  expect((await get('/admin/session', cookie)).json).toMatchObject({ role: 'viewer' })
  await admin.updateUser({ params, body: { givenRole: null } })
  expect((await get('/admin/session', cookie)).status).toBe(401)
})

test('a blocked person is signed out at once and cannot sign in, and admins cannot lock themselves out', async () => {
  const { cookie } = await signIn('Blocked', ['kp-admin'])
  const { userId, csrf } = (await get('/admin/session', cookie)).json
  const target = `/admin/users/${userId}`
  for (const changes of [{ blocked: true }, { givenRole: 'viewer' }]) {
    const headers = { cookie, 'x-kinoprint-csrf': csrf }
    const own = await api.send({ method: 'PATCH', target, headers, body: JSON.stringify(changes) })
    expect(own.status).toBe(409)
  }
  const admin = adminClient()
  const params = { userId: userId ?? '' }
  const blocked = await admin.updateUser({ params, body: { blocked: true } })
  expect(blocked.blockedAt).not.toBeNull()
  expect((await get('/admin/libraries', cookie)).status).toBe(401)
  expect((await signIn('Blocked', ['kp-admin'])).page.searchParams.get('problem')).toBe('blocked')
  await admin.updateUser({ params, body: { blocked: false } })
  expect((await signIn('Blocked', ['kp-admin'])).page.searchParams.get('done')).toBe('1')
  const audit = await admin.listAudit({ query: { subject: params.userId } })
  expect(audit.items).toMatchObject([
    { action: 'updateUser', before: { blocked: true }, after: { blocked: false } },
    { action: 'updateUser', before: { blocked: false }, after: { blocked: true } },
  ])
})

test('a response that belongs to no sign-in of this browser is refused', {
  tags: ['sign-in-binding'],
}, async () => {
  provider.person = { sub: 'victim', roles: ['kp-admin'] }
  const jar: CookieJar = new Map()
  const callback = await visit(`${oidc.publicUrl}/console/oidc/sign-in`, { jar, stop: /oidc\/callback/ })
  const target = `${callback.pathname}${callback.search}`
  expect((await open(target)).searchParams.get('problem')).toBe('state')
  expect((await open(target, jar)).searchParams.get('done')).toBe('1')
  expect((await open(target, jar)).searchParams.get('problem')).toBe('state')
  expect((await open('/console/oidc/callback')).searchParams.get('problem')).toBe('state')
  expect((await open('/console/oidc/callback?state=%00&code=x')).searchParams.get('problem')).toBe('state')
})

test('a cancelled sign-in and a code that the provider refuses have different messages', async () => {
  provider.person = null
  expect((await open('/console/oidc/sign-in')).searchParams.get('problem')).toBe('denied')
  provider.person = { sub: 'somebody', roles: ['kp-admin'] }
  const jar: CookieJar = new Map()
  const callback = await visit(`${oidc.publicUrl}/console/oidc/sign-in`, { jar, stop: /oidc\/callback/ })
  callback.searchParams.set('code', 'forged')
  expect((await open(`${callback.pathname}${callback.search}`, jar)).searchParams.get('problem')).toBe(
    'rejected',
  )
  expect(api.logged.some((line) => line.includes('A sign-in with OpenID Connect failed'))).toBe(true)
})

test('signing out ends the session here and at the provider', async () => {
  const { cookie, jar } = await signIn('Leaver', ['kp-viewer'])
  const page = await visit(`${oidc.publicUrl}/console/oidc/sign-out`, { jar, stop: /session\/end/ })
  expect(page.origin).toBe(provider.issuer)
  expect(page.searchParams.get('post_logout_redirect_uri')).toBe(`${oidc.publicUrl}/console/sign-in`)
  expect(page.searchParams.get('id_token_hint')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  expect((await get('/admin/session', cookie)).status).toBe(401)
  expect(jar.get(oidc.publicUrl)?.has('kinoprint_session')).toBe(false)
  expect((await open('/console/oidc/sign-out')).pathname).toBe('/console/sign-in')
  const { rows } = await api.db.pool.query(`select from audit_log where action = 'signOut'`)
  expect(rows).toHaveLength(1)
})

test('a provider that does not respond is named as the cause, and the admin token still works', async () => {
  const away = await startTestApi({ oidc: { ...oidc, issuer: 'http://127.0.0.1:9' } }, { consoleDir: folder })
  const start = `http://127.0.0.1:${away.port}/console/oidc/sign-in`
  const page = await visit(start, { jar: new Map(), stop: LAST_PAGE })
  expect(page.searchParams.get('problem')).toBe('unreachable')
  expect((await away.admin({ method: 'GET', target: '/admin/libraries' })).status).toBe(200)
  await away.close()
})

test('the ways to sign in are open to anyone', async () => {
  expect((await get('/admin/session/methods', '')).json).toEqual({ token: true, oidc: true })
})
