import { type Wrong, wrong } from '../setting-values.ts'

export const samplerNames = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const
export type SamplerName = (typeof samplerNames)[number]

/** Where traces go, and which. */
export type TracingSettings = {
  /** Base URL of the collector; `/v1/traces` is added. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  /** `service.name`; null for that of the process. */
  readonly serviceName: string | null
  /** Attributes of every span, in addition to `service.name` and `service.version`. */
  readonly attributes: Readonly<Record<string, string>>
  readonly sampler: SamplerName
  /** Share of the traces that `traceidratio` keeps, 0..1. */
  readonly samplerArg: number
}

/** Pairs as `name=value,name=value`, values percent-encoded. Messages never repeat them. */
export function parsePairs(value: string): Readonly<Record<string, string>> | Wrong {
  const problem = wrong('must be pairs such as name=value,other=a%20b')
  const pairs: Record<string, string> = {}
  for (const pair of value.split(',')) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    if (at < 0 || !/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return problem
    try {
      pairs[name] = decodeURIComponent(pair.slice(at + 1).trim())
    } catch {
      return problem
    }
    if (!/^[\t\x20-\x7e]*$/.test(pairs[name] ?? '')) return problem
  }
  return pairs
}

export function parseShare(value: string): number | Wrong {
  const share = /^(\d+(\.\d+)?|\.\d+)$/.test(value) ? Number(value) : Number.NaN
  return share >= 0 && share <= 1 ? share : wrong(`must be a number from 0 to 1, not "${value}"`)
}
