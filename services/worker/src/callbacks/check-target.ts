import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type AllowList, callbackHostOf, callbackRefusal, isPublicAddress } from '@kinoprint/runtime'

/** Where a callback may go, with the addresses that were checked: nothing else may be connected to. */
export type Target = {
  readonly kind: 'target'
  readonly url: URL
  readonly addresses: readonly LookupAddress[]
}

/** It may not go there, today or tomorrow. */
export type Refusal = { readonly kind: 'refused'; readonly error: string }

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

export type CheckOptions = {
  /** Setting CALLBACK_ALLOW. */
  readonly allow: AllowList
  /** The system's resolver unless a test brings its own. */
  readonly resolve?: Resolve | undefined
}

const systemResolve: Resolve = (host) => lookup(host, { all: true })

const refused = (error: string): Refusal => ({ kind: 'refused', error })

/**
 * Decides about an address that a stranger has written down. The host is resolved once; what it led to is checked
 * and kept, so that a second, different answer of the same name leads nowhere. Throws where the name cannot be
 * resolved, which may pass.
 */
export const checkTarget = async (
  text: string,
  { allow, resolve = systemResolve }: CheckOptions,
): Promise<Target | Refusal> => {
  const refusal = callbackRefusal(text, allow)
  if (refusal !== undefined) return refused(refusal)
  const url = new URL(text)
  const host = callbackHostOf(url)
  const found = await addressesOf(host, resolve)
  const mayGoAnywhere = allow.allowsHost(host)
  const addresses = found.filter(
    ({ address }) => mayGoAnywhere || allow.allowsAddress(address) || isPublicAddress(address),
  )
  if (addresses.length > 0) return { kind: 'target', url, addresses }
  const led = found.map(({ address }) => address).join(', ')
  return refused(
    `The callback address leads to ${led || 'nothing'}, which is not public and not allowed by CALLBACK_ALLOW.`,
  )
}

const addressesOf = async (host: string, resolve: Resolve): Promise<readonly LookupAddress[]> => {
  const family = isIP(host)
  return family === 0 ? resolve(host) : [{ address: host, family }]
}
