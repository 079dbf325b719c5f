import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** All of IPv6 that is given out to the public lies here (RFC 4291, section 2.4). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')
/** Azure's host agent hands secrets to the machines on it, under an address that looks like any public one. */
const METADATA = ['168.63.129.16']

/**
 * Whether anybody on the internet could be behind this address. Loopback, private, link-local, shared (CGNAT),
 * multicast, reserved and metadata addresses are not, nor is any IPv6 address that only wraps an IPv4 one
 * (mapped, compatible, NAT64, 6to4, Teredo): there is no need to write a public address like that.
 *
 * @example isPublicAddress('::ffff:127.0.0.1') // false
 */
export const isPublicAddress = (address: string): boolean => {
  if (isIP(address) === 0 || METADATA.includes(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_IPV6)
}
