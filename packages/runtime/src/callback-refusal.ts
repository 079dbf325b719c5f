import { isIP } from 'node:net'
import type { AllowList } from './networks.ts'
import { isPublicAddress } from './public-address.ts'

/** Names that lead to the machine itself wherever they are asked for (RFC 6761), and the addresses that they lead to. */
const LOOPBACK_NAME = 'localhost'
const LOOPBACK = ['127.0.0.1', '::1']

/** The host of an address as the allow list has it: without brackets, and without the dot of the root. */
export const callbackHostOf = (url: URL): string => {
  const { hostname } = url
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return host.endsWith('.') ? host.slice(0, -1) : host
}

/**
 * Why a callback may never go to this address, as far as the address itself tells; undefined where nothing speaks
 * against it. Names are resolved only when something is sent, and what they lead to is checked then.
 * Decimal, octal and hexadecimal forms of IPv4 are undone by the URL parser.
 */
export const callbackRefusal = (text: string, allow: AllowList): string | undefined => {
  if (!URL.canParse(text)) return 'The callback address is not a URL.'
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `Callbacks go to http and https only, not to ${url.protocol.slice(0, -1)}.`
  }
  if (url.username !== '' || url.password !== '') {
    return 'The callback address must not hold a user name or password.'
  }
  const host = callbackHostOf(url)
  if (allow.allowsHost(host)) return undefined
  const known = addressesIn(host)
  if (known === undefined || known.some((one) => allow.allowsAddress(one) || isPublicAddress(one))) {
    return undefined
  }
  return `The callback address leads to ${host}, which is not public and not allowed by CALLBACK_ALLOW. Add it to that setting, or use a public address.`
}

/** The addresses behind a host that needs no resolver. */
const addressesIn = (host: string): readonly string[] | undefined => {
  if (isIP(host) !== 0) return [host]
  const lower = host.toLowerCase()
  return lower === LOOPBACK_NAME || lower.endsWith(`.${LOOPBACK_NAME}`) ? LOOPBACK : undefined
}
