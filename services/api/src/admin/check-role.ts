import type { AdminRoute } from '@kinoprint/contract'
import { Fault, includesRole } from '@kinoprint/core'
import type { Actor } from '@kinoprint/store'

/** Throws Fault AccessDenied if the role of the caller is lower than the route needs. */
export function checkRole(
  { role: needed }: Pick<AdminRoute, 'role'>,
  actor: Pick<Actor, 'role'> | null,
): void {
  if (needed === 'public') return
  if (actor === null) throw new Fault('Unauthorized', 'Sign in with POST /admin/session.')
  const { role } = actor
  if (includesRole(role, needed)) return
  const message = `This needs the role ${needed}, and yours is ${role}. Ask an admin to change it under Settings > People.`
  throw new Fault('AccessDenied', message, { details: { role, neededRole: needed } })
}
