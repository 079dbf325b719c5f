import type { Request } from 'express'
import ipaddr from 'ipaddr.js'

/**
 * The unit that limits count: an IPv4 address, or the /64 network of an IPv6 address, which usually has a single owner.
 *
 * @example networkOf('2001:db8::1') // '2001:db8:0:0::/64'
 */
export function networkOf(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString()
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16))
  return `${network.join(':')}::/64`
}

/** The client's address or network, as counted by limits. A proxy named in TRUST_PROXY reports it. */
export function clientAddress(req: Pick<Request, 'ip'>): string {
  return networkOf(req.ip ?? 'unknown')
}
