import { isIPv6 } from 'node:net'
import type { Request } from 'express'

/** Of an IPv6 address its network: a client with one address of a /64 has all of them. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** Where a request comes from, as limits count it: behind a proxy that TRUST_PROXY names, the client's own address. */
export function clientAddress(req: Pick<Request, 'ip'>): string {
  return networkOf(req.ip ?? 'unknown')
}
