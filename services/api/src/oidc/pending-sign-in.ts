import { openSecret, sealSecret } from '@kinoprint/store'
import type { Request, Response } from 'express'
import { readCookie } from '../http/cookies.ts'
import type { SignInChecks } from './identity-provider.ts'

const MINUTES = 10
const PATH = '/console/oidc'
/** Binds the sealed cookie to its purpose. */
const PURPOSE = 'oidc sign-in'

/** A sign-in between its start and the response of the provider. */
export type PendingSignIn = SignInChecks & {
  /** The page of the console to open afterwards. */
  readonly to: string
}

type Sealing = { readonly encryptionKey: Buffer }

/** One cookie for each sign-in, so that two tabs do not disturb each other. */
function nameOf(state: string): string {
  return `kinoprint_oidc_${state.slice(0, 12)}`
}

/**
 * Keeps a sign-in in an encrypted cookie of the browser, so that no other browser can end it and any server can. It is
 * sent with the navigation from the provider's page, which SameSite=Strict would prevent.
 */
export function keepPending(
  { req, res }: { readonly req: Request; readonly res: Response },
  { encryptionKey }: Sealing,
  pending: PendingSignIn,
): void {
  const text = JSON.stringify({ ...pending, untilMs: Date.now() + MINUTES * 60_000 })
  const sealed = sealSecret({ encryptionKey, secretId: PURPOSE, secretKey: text }).toString('base64url')
  write(req, res, `${nameOf(pending.state)}=${sealed}; Max-Age=${MINUTES * 60}`)
}

/** The sign-in that a response of the provider belongs to, which is then forgotten; null if there is none. */
export function takePending(
  { req, res }: { readonly req: Request; readonly res: Response },
  { encryptionKey }: Sealing,
  state: string,
): PendingSignIn | null {
  const name = nameOf(state)
  const value = readCookie(req, name)
  if (value === null) return null
  write(req, res, `${name}=; Max-Age=0`)
  try {
    const sealed = Buffer.from(value, 'base64url')
    const text = openSecret({ encryptionKey, secretId: PURPOSE, sealed })
    const pending = JSON.parse(text) as PendingSignIn & { readonly untilMs: number }
    return pending.state === state && Date.now() < pending.untilMs ? pending : null
  } catch {
    return null
  }
}

function write(req: Request, res: Response, cookie: string): void {
  res.append('Set-Cookie', `${cookie}; Path=${PATH}; HttpOnly; SameSite=Lax${req.secure ? '; Secure' : ''}`)
}
