import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A service of docker-compose.yml, with what it takes from anchors. */
export type Service = {
  readonly image?: string
  readonly build?: string
  readonly profiles?: readonly string[]
  readonly command?: readonly string[]
  readonly user?: string
  readonly read_only?: boolean
  readonly privileged?: boolean
  readonly cap_drop?: readonly string[]
  readonly cap_add?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly pids_limit?: number
  readonly cpu_shares?: number
  readonly mem_limit?: string
  readonly shm_size?: string
  readonly logging?: { readonly options: Readonly<Record<string, string>> }
  readonly environment?: Readonly<Record<string, string | null>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
}

export type Compose = {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, null>>
}

/** A compose file with `${NAME:-default}` and `${NAME-default}` replaced, as compose does it. */
export function readCompose(
  environment: Readonly<Record<string, string>> = {},
  path = 'docker-compose.yml',
): Compose {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
  return parse(interpolate(text, environment), { merge: true }) as Compose
}

/** The innermost first: a default may itself contain a variable. */
function interpolate(text: string, environment: Readonly<Record<string, string>>): string {
  const replaced = text.replaceAll(
    /(?<!\$)\$\{([A-Z0-9_]+)(:?)([-?])([^${}]*)\}/g,
    (_, name: string, colon: string, kind: string, rest: string) => {
      const value = environment[name]
      const isSet = value !== undefined && (colon === '' || value !== '')
      if (isSet) return value
      if (kind === '?') throw new Error(`${name}: ${rest}`)
      return rest
    },
  )
  return replaced === text ? text : interpolate(replaced, environment)
}
