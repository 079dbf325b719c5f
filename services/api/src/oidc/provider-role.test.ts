import { expect, test } from 'vitest'
import { providerRole } from './provider-role.ts'

const settings = {
  roleClaim: 'realm_access.roles',
  roles: new Map([
    ['moderators', 'reviewer'],
    ['ops', 'operator'],
  ] as const),
  defaultRole: null,
}

test('the highest role of a list counts, wherever it stands', () => {
  const claims = { realm_access: { roles: ['ops', 'others', 'moderators', 7] } }
  expect(providerRole(claims, settings)).toBe('operator')
})

test('a claim may be one value, values separated by spaces, or have dots in its name', () => {
  expect(providerRole({ groups: 'ops' }, { ...settings, roleClaim: 'groups' })).toBe('operator')
  expect(providerRole({ groups: 'a moderators' }, { ...settings, roleClaim: 'groups' })).toBe('reviewer')
  const roleClaim = 'https://kinoprint.test/roles'
  expect(providerRole({ [roleClaim]: ['ops'] }, { ...settings, roleClaim })).toBe('operator')
})

test('without a claim that names a role, only the default counts', () => {
  for (const claims of [
    {},
    { realm_access: null },
    { realm_access: 'ops' },
    { realm_access: { roles: { ops: true } } },
    { realm_access: { roles: ['OPS', 'toString', '__proto__'] } },
  ]) {
    expect(providerRole(claims, settings)).toBeNull()
    expect(providerRole(claims, { ...settings, defaultRole: 'viewer' })).toBe('viewer')
  }
  const known = { realm_access: { roles: ['moderators'] } }
  expect(providerRole(known, { ...settings, defaultRole: 'operator' })).toBe('operator')
})
