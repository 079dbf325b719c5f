import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** All public IPv6 addresses (RFC 4291, section 2.4). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')
/** Azure's host agent provides secrets to virtual machines. Its address is in a public range. */
const METADATA = ['168.63.129.16']

/**
 * Whether an IP address is public. Loopback, private, link-local, shared (CGNAT), multicast, reserved and metadata
 * addresses are not. Neither is an IPv6 address that wraps an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo), even
 * a public one. False for text that is not an IP address.
 *
 * @example isPublicAddress('::ffff:127.0.0.1') // false
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || METADATA.includes(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_IPV6)
}
