import { type Role, roles } from '@kinoprint/core'
import { type Wrong, wrong } from './setting-values.ts'

/** Where people sign in (OpenID Connect), and which role they get. */
export type OidcSettings = {
  readonly issuer: string
  readonly clientId: string
  /** Null for a public client, which PKCE alone protects. */
  readonly clientSecret: string | null
  readonly scopes: string
  /** The claim with the roles: its name, or a path such as realm_access.roles. */
  readonly roleClaim: string
  /** The role of each value of that claim. */
  readonly roles: ReadonlyMap<string, Role>
  /** The role of people with none of these values; null refuses them. */
  readonly defaultRole: Role | null
  /** Where browsers reach this server, without a slash at the end. */
  readonly publicUrl: string
}

/** The name of a loopback host, for which the browser's connection to the provider needs no encryption. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** The issuer of an identity provider. It must be https, except on this machine. */
export function parseIssuer(value: string): string | Wrong {
  const url = URL.canParse(value) ? new URL(value) : null
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))
  if (url === null || !isSafe || url.search !== '' || url.hash !== '')
    return wrong('must be an https:// URL without a query, as the provider names itself')
  return value
}

/** The address of this server for browsers: an origin, without a path. */
export function parsePublicUrl(value: string): string | Wrong {
  const url = URL.canParse(value) ? new URL(value) : null
  const isHttp = url !== null && /^https?:$/.test(url.protocol)
  if (!isHttp || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
    return wrong('must be an origin such as https://kinoprint.example.com, without a path')
  return url.origin
}

/** Scopes separated by spaces. OpenID Connect requires `openid`. */
export function parseScopes(value: string): string | Wrong {
  const scopes = value.split(/\s+/).filter((scope) => scope !== '')
  return scopes.includes('openid') ? scopes.join(' ') : wrong('must contain the scope openid')
}

/** `value=role` pairs separated by commas. A value may contain `=`. */
export function parseRoleMap(value: string): ReadonlyMap<string, Role> | Wrong {
  const map = new Map<string, Role>()
  for (const pair of value.split(',').map((one) => one.trim())) {
    const at = pair.lastIndexOf('=')
    const role = roles.find((one) => one === pair.slice(at + 1).trim())
    const name = pair.slice(0, Math.max(at, 0)).trim()
    if (role === undefined || name === '')
      return wrong(
        `must be a comma-separated list of VALUE=ROLE, where ROLE is ${roles.slice(0, -1).join(', ')} or ${roles.at(-1)}`,
      )
    map.set(name, role)
  }
  return map
}
