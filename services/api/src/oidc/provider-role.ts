import { includesRole, type Role } from '@kinoprint/core'
import type { OidcSettings } from '@kinoprint/runtime'

type Claims = { readonly [name: string]: unknown }

/** The highest role that the claims give; the default role if they give none. */
export function providerRole(
  claims: Claims,
  { roleClaim, roles, defaultRole }: Pick<OidcSettings, 'roleClaim' | 'roles' | 'defaultRole'>,
): Role | null {
  return valuesOf(claimAt(claims, roleClaim))
    .flatMap((value) => roles.get(value) ?? [])
    .reduce<Role | null>(
      (best, role) => (best === null || includesRole(role, best) ? role : best),
      defaultRole,
    )
}

/** A claim by its name, which may contain dots as a URL does, or by its path. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  return path.split('.').reduce<unknown>((at, name) => {
    const isObject = typeof at === 'object' && at !== null && Object.hasOwn(at, name)
    return isObject ? (at as Claims)[name] : undefined
  }, claims)
}

/** Providers send a list, one value, or values separated by spaces. */
function valuesOf(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return [claim, ...claim.split(' ')]
  return Array.isArray(claim) ? claim.filter((value) => typeof value === 'string') : []
}
