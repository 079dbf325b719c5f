import { BlockList, isIP } from 'node:net'
import { isHostName, type Wrong, wrong } from './setting-values.ts'

/** Names of private address ranges in Express. */
const RANGE_NAMES = ['loopback', 'linklocal', 'uniquelocal']
const MAX_HOPS = 16

/** The `trust proxy` setting of Express: off, the number of proxies, or their addresses. */
export type TrustProxy = false | number | readonly string[]

/** Parses TRUST_PROXY. */
export function parseTrustProxy(text: string): TrustProxy | Wrong {
  if (['off', 'false', 'no', '0'].includes(text.toLowerCase())) return false
  if (/^\d+$/.test(text)) {
    const hops = Number(text)
    return hops <= MAX_HOPS ? hops : wrong(`must be at most ${MAX_HOPS} proxies, not ${text}`)
  }
  const entries = splitList(text)
  const invalid = entries.filter((entry) => !RANGE_NAMES.includes(entry) && networkOf(entry) === null)
  if (entries.length === 0 || invalid.length > 0) {
    return wrong(
      `must be off, a number of proxies, or a comma-separated list of IP addresses and CIDR ranges, not "${invalid.join(',') || text}"`,
    )
  }
  return entries
}

export type AllowedTarget =
  | { readonly kind: 'host'; readonly host: string }
  | {
      readonly kind: 'network'
      readonly address: string
      readonly prefixBits: number
      readonly family: Family
    }

type Family = 'ipv4' | 'ipv6'

/** Parses CALLBACK_ALLOW. */
export function parseAllowList(text: string): readonly AllowedTarget[] | Wrong {
  const targets: AllowedTarget[] = []
  const invalid: string[] = []
  for (const entry of splitList(text)) {
    const network = networkOf(entry)
    if (network) targets.push({ kind: 'network', ...network })
    else if (isHostName(entry) && !/^[\d.]+$/.test(entry))
      targets.push({ kind: 'host', host: entry.toLowerCase() })
    else invalid.push(entry)
  }
  if (invalid.length === 0) return targets
  return wrong(
    `must be a comma-separated list of host names, IP addresses and CIDR ranges without ports, not "${invalid.join(',')}"`,
  )
}

export type AllowList = {
  /** Whether the host of a URL is on the list. It may then have any address. */
  allowsHost(host: string): boolean
  /** Whether an address is in one of the listed networks. */
  allowsAddress(address: string): boolean
}

/**
 * The private targets that callbacks may go to.
 *
 * @example
 * const allow = createAllowList(settings.callbackAllow)
 * allow.allowsHost('hooks.internal') || allow.allowsAddress('10.0.0.7')
 */
export function createAllowList(targets: readonly AllowedTarget[]): AllowList {
  const hosts = new Set<string>()
  const networks = new BlockList()
  for (const target of targets) {
    if (target.kind === 'host') hosts.add(target.host)
    else networks.addSubnet(target.address, target.prefixBits, target.family)
  }
  return {
    allowsHost: (host) => hosts.has(host.toLowerCase()),
    allowsAddress: (address) => {
      const family = isIP(address)
      return family !== 0 && networks.check(address, family === 6 ? 'ipv6' : 'ipv4')
    },
  }
}

function networkOf(entry: string): { address: string; prefixBits: number; family: Family } | null {
  const [address = '', bits, ...rest] = entry.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return null
  const maxBits = version === 6 ? 128 : 32
  const prefixBits = bits === undefined ? maxBits : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (!(prefixBits <= maxBits)) return null
  return { address, prefixBits, family: version === 6 ? 'ipv6' : 'ipv4' }
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}
