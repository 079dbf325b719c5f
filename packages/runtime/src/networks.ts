import { BlockList, isIP } from 'node:net'
import { isHostName, wrong } from './setting-values.ts'

/** Names that express knows for ranges of private addresses. */
const RANGE_NAMES = ['loopback', 'linklocal', 'uniquelocal']
const MOST_HOPS = 16

/** As express takes it: nobody, the number of proxies in front, or their addresses. */
export type TrustProxy = false | number | readonly string[]

export function parseTrustProxy(text: string) {
  if (['off', 'false', 'no', '0'].includes(text.toLowerCase())) return false as const
  if (/^\d+$/.test(text)) {
    const hops = Number(text)
    return hops <= MOST_HOPS ? hops : wrong(`must be at most ${MOST_HOPS} proxies, not ${text}`)
  }
  const entries = splitList(text)
  const bad = entries.filter((entry) => !RANGE_NAMES.includes(entry) && networkOf(entry) === null)
  if (entries.length === 0 || bad.length > 0) {
    return wrong(
      `must be off, a number of proxies, or a comma list of IP addresses and CIDRs, not "${bad.join(',') || text}"`,
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

export function parseAllowList(text: string) {
  const targets: AllowedTarget[] = []
  const bad: string[] = []
  for (const entry of splitList(text)) {
    const network = networkOf(entry)
    if (network) targets.push({ kind: 'network', ...network })
    else if (isHostName(entry) && !/^[\d.]+$/.test(entry))
      targets.push({ kind: 'host', host: entry.toLowerCase() })
    else bad.push(entry)
  }
  if (bad.length === 0) return targets
  return wrong(
    `must be a comma list of host names, IP addresses and CIDRs, without ports; not "${bad.join(',')}"`,
  )
}

export type AllowList = {
  /** The name in the URL is on the list: wherever it leads, it may be called. */
  allowsHost(host: string): boolean
  /** The address that a name led to, or that stood in the URL, lies in one of the networks. */
  allowsAddress(address: string): boolean
}

/**
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
  const most = version === 6 ? 128 : 32
  const prefixBits = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (!(prefixBits <= most)) return null
  return { address, prefixBits, family: version === 6 ? 'ipv6' : 'ipv4' }
}

const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
