import routes from 'virtual:admin-routes'
import type { AdminRouteName } from '@kinoprint/contract'
import { messages } from '../messages/messages.ts'
import { session } from './session.ts'

/** From the least to the most, as in packages/core. */
export const roles = ['viewer', 'reviewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

/** Whether the role of this session may call a route. */
export function may(name: AdminRouteName): boolean {
  return roles.indexOf(session.value?.role ?? 'viewer') >= roles.indexOf(neededRole(name))
}

function neededRole(name: AdminRouteName): Role {
  const needed = routes[name]?.[4]
  return roles.find((role) => role === needed) ?? 'viewer'
}

/** Why a route may not be called, in a sentence; undefined if it may. */
export function whyNot(name: AdminRouteName): string | undefined {
  if (may(name)) return undefined
  const { needsRole, roles: names } = messages.value.parts
  return needsRole(names[neededRole(name)], names[session.value?.role ?? 'viewer'])
}

/**
 * What a button gets whose route the role may not call: it is disabled, and its title says why. Spread it last.
 *
 * @example <button {...needs('createKey')}>
 */
export function needs(name: AdminRouteName): { readonly disabled?: true; readonly title?: string } {
  const why = whyNot(name)
  return why === undefined ? {} : { disabled: true, title: why }
}
