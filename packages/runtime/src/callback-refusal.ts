import { isIP } from 'node:net'
import type { AllowList } from './networks.ts'
import { isPublicAddress } from './public-address.ts'

/** Names that always resolve to the machine itself (RFC 6761), and their addresses. */
const LOOPBACK_NAME = 'localhost'
const LOOPBACK = ['127.0.0.1', '::1']

/** The host of a URL in the form used in allow lists: without brackets, and without a trailing dot. */
export function callbackHostOf(url: URL): string {
  const { hostname } = url
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return host.endsWith('.') ? host.slice(0, -1) : host
}

/** What an address is for, in messages, and the setting that allows private ones. */
export type AddressUse = { readonly noun: string; readonly setting: string }

const CALLBACK: AddressUse = { noun: 'callback', setting: 'CALLBACK_ALLOW' }

/**
 * Why a callback, or another request, must not be sent to a URL, as far as the URL shows; undefined if nothing forbids it. Names are
 * resolved, and their addresses checked, when a callback is sent. The URL parser decodes decimal, octal and hexadecimal
 * IPv4.
 */
export function callbackRefusal(
  text: string,
  allow: AllowList,
  { noun, setting }: AddressUse = CALLBACK,
): string | undefined {
  if (!URL.canParse(text)) return `The ${noun} address is not a URL.`
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `A ${noun} address begins with http or https, not ${url.protocol.slice(0, -1)}.`
  }
  if (url.username !== '' || url.password !== '') {
    return `The ${noun} address must not contain a user name or password.`
  }
  const host = callbackHostOf(url)
  if (allow.allowsHost(host)) return undefined
  const addresses = knownAddresses(host)
  if (
    addresses === undefined ||
    addresses.some((address) => allow.allowsAddress(address) || isPublicAddress(address))
  ) {
    return undefined
  }
  return `The ${noun} host ${host} is not public and not allowed by ${setting}. Add it to that setting, or use a public address.`
}

/** The addresses of a host that does not need to be resolved. */
function knownAddresses(host: string): readonly string[] | undefined {
  if (isIP(host) !== 0) return [host]
  const lower = host.toLowerCase()
  return lower === LOOPBACK_NAME || lower.endsWith(`.${LOOPBACK_NAME}`) ? LOOPBACK : undefined
}
