import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type AddressUse, callbackHostOf, callbackRefusal } from './callback-refusal.ts'
import type { AllowList } from './networks.ts'
import { isPublicAddress } from './public-address.ts'

/** An allowed callback URL and its checked addresses, the only ones to connect to. */
export type Target = {
  readonly kind: 'target'
  readonly url: URL
  readonly addresses: readonly LookupAddress[]
}

/** Not allowed. Retrying would not help. */
export type Refusal = { readonly kind: 'refused'; readonly error: string }

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

export type CallbackCheck = {
  /** Setting CALLBACK_ALLOW. */
  readonly allow: AllowList
  /** The system's resolver by default; tests replace it. */
  readonly resolve?: Resolve | undefined
  /** Default: callbacks. */
  readonly use?: AddressUse | undefined
}

/**
 * Checks a callback URL supplied by a client. The host is resolved once and its addresses are kept, so that a
 * second, different DNS response has no effect (DNS rebinding). Throws if the name cannot be resolved, which
 * may be temporary.
 */
export async function checkTarget(
  text: string,
  { allow, resolve = resolveBySystem, use }: CallbackCheck,
): Promise<Target | Refusal> {
  const refusal = callbackRefusal(text, allow, use)
  if (refusal !== undefined) return refused(refusal)
  const url = new URL(text)
  const host = callbackHostOf(url)
  const found = await addressesOf(host, resolve)
  const isAllowedHost = allow.allowsHost(host)
  const addresses = found.filter(
    ({ address }) => isAllowedHost || allow.allowsAddress(address) || isPublicAddress(address),
  )
  if (addresses.length > 0) return { kind: 'target', url, addresses }
  const resolved = found.map(({ address }) => address).join(', ')
  const { noun = 'callback', setting = 'CALLBACK_ALLOW' } = use ?? {}
  return refused(
    `The ${noun} host resolves to ${resolved || 'no address'}, which is not public and not allowed by ${setting}.`,
  )
}

function refused(error: string): Refusal {
  return { kind: 'refused', error }
}

async function addressesOf(host: string, resolve: Resolve): Promise<readonly LookupAddress[]> {
  const family = isIP(host)
  return family === 0 ? resolve(host) : [{ address: host, family }]
}

function resolveBySystem(host: string): Promise<LookupAddress[]> {
  return lookup(host, { all: true })
}
