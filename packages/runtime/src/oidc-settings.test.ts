import { expect, test } from 'vitest'
import { loadSettings } from './settings.ts'

const given = {
  OIDC_ISSUER: 'https://login.example.com/realms/video',
  OIDC_CLIENT_ID: 'kinoprint',
  PUBLIC_URL: 'https://kinoprint.example.com/',
}

test('an identity provider is read with its defaults', () => {
  const { oidc } = loadSettings(given)
  expect(oidc).toMatchObject({
    clientSecret: null,
    scopes: 'openid profile email',
    roleClaim: 'roles',
    defaultRole: null,
    publicUrl: 'https://kinoprint.example.com',
  })
  expect([...(oidc?.roles ?? [])]).toContainEqual(['reviewer', 'reviewer'])
  expect(loadSettings({}).oidc).toBeNull()
  const mapped = loadSettings({ ...given, OIDC_ROLES: 'cn=ops=operator', OIDC_DEFAULT_ROLE: 'viewer' })
  expect([...(mapped.oidc?.roles ?? [])]).toEqual([['cn=ops', 'operator']])
  expect(mapped.oidc?.defaultRole).toBe('viewer')
})

test.each([
  [{ OIDC_ISSUER: given.OIDC_ISSUER }, 'OIDC_ISSUER needs OIDC_CLIENT_ID'],
  [{ ...given, PUBLIC_URL: '' }, 'OIDC_ISSUER needs PUBLIC_URL'],
  [{ OIDC_CLIENT_SECRET: 'hidden' }, 'OIDC_CLIENT_SECRET is set, but OIDC_ISSUER is not'],
  [{ ...given, OIDC_ISSUER: 'http://login.example.com' }, 'OIDC_ISSUER must be an https:// URL'],
  [{ ...given, PUBLIC_URL: 'https://example.com/kinoprint' }, 'PUBLIC_URL must be an origin'],
  [{ ...given, OIDC_SCOPES: 'profile' }, 'OIDC_SCOPES must contain the scope openid'],
  [{ ...given, OIDC_ROLES: 'ops=boss' }, 'OIDC_ROLES must be a comma-separated list of VALUE=ROLE'],
  [{ ...given, OIDC_ROLES: '=admin' }, 'OIDC_ROLES must be a comma-separated list of VALUE=ROLE'],
  [{ ...given, OIDC_DEFAULT_ROLE: 'root' }, 'OIDC_DEFAULT_ROLE must be'],
])('settings of the identity provider that cannot work are refused: %o', (environment, message) => {
  expect(() => loadSettings(environment)).toThrow(message)
})

test('an identity provider on this machine may use http', () => {
  const { oidc } = loadSettings({ ...given, OIDC_ISSUER: 'http://127.0.0.1:8085/realms/video' })
  expect(oidc?.issuer).toBe('http://127.0.0.1:8085/realms/video')
})
