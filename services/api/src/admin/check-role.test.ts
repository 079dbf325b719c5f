import { type AdminRoute, adminRoutes } from '@kinoprint/contract'
import { roles } from '@kinoprint/core'
import { expect, test } from 'vitest'
import { checkRole } from './check-role.ts'

const routes = Object.entries(adminRoutes as Readonly<Record<string, AdminRoute>>)

function mayCall(route: AdminRoute, role: (typeof roles)[number]): boolean {
  try {
    checkRole(route, { role })
    return true
  } catch (error) {
    expect(error).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining(`yours is ${role}`),
    })
    return false
  }
}

test.each(routes)(
  '%s is open to its role and those above it, and to no other',
  {
    tags: ['admin-roles'],
  },
  (_, route) => {
    const lowest = route.role === 'public' ? 0 : roles.indexOf(route.role)
    expect(roles.filter((role) => mayCall(route, role))).toEqual(roles.slice(lowest))
  },
)

test('a route that is not public needs a caller who is signed in', {
  tags: ['admin-roles'],
}, () => {
  for (const [name, route] of routes) {
    if (route.role === 'public') expect(() => checkRole(route, null), name).not.toThrow()
    else expect(() => checkRole(route, null), name).toThrow('Sign in')
  }
})

test('viewers change nothing, and only admins see keys being made, sessions and the audit log', () => {
  const changing = routes.filter(([, { method, role }]) => role === 'viewer' && method !== 'get')
  expect(changing.map(([name]) => name).toSorted()).toEqual(['previewPolicy', 'signOut', 'startPreview'])
  for (const name of [
    'createKey',
    'updateKey',
    'revokeKey',
    'signRequest',
    'listSessions',
    'listAudit',
  ] as const)
    expect(adminRoutes[name].role, name).toBe('admin')
})
