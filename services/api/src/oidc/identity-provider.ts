import type { OidcSettings } from '@kinoprint/runtime'
import type { UserClaims } from '@kinoprint/store'
import * as client from 'openid-client'
import { providerRole } from './provider-role.ts'
import { SignInProblem } from './sign-in-problem.ts'

/** Where the provider sends browsers back to. */
export const CALLBACK_PATH = '/console/oidc/callback'
const TIMEOUT_SECONDS = 10
/** How long the provider's own description is used, so that its changes are noticed. */
const DISCOVERY_MS = 60 * 60 * 1000
const NAME_CHARS_MAX = 128

/** What the browser keeps between the start and the end of a sign-in. */
export type SignInChecks = { readonly state: string; readonly nonce: string; readonly verifier: string }

export type IdentityProvider = {
  /** The page of the provider to open, and what its response is checked with. */
  start(): Promise<{ readonly url: URL; readonly checks: SignInChecks }>
  /** Exchanges the code in the query of a response. */
  finish(
    query: string,
    checks: SignInChecks,
  ): Promise<{ readonly claims: UserClaims; readonly idToken: string | null }>
  /** The page that ends the session at the provider; null if it has none. */
  signOutUrl(idToken: string): Promise<URL | null>
}

/**
 * An OpenID Connect provider: authorization code flow with PKCE (RFC 7636), state and nonce. Methods throw SignInProblem.
 * The provider is first asked when somebody signs in, so the server starts without it.
 */
export function createIdentityProvider(settings: OidcSettings): IdentityProvider {
  const callbackUrl = () => `${settings.publicUrl}${CALLBACK_PATH}`
  let known: { readonly config: client.Configuration; readonly untilMs: number } | null = null

  const configuration = async (): Promise<client.Configuration> => {
    if (known !== null && performance.now() < known.untilMs) return known.config
    const config = await discover(settings)
    known = { config, untilMs: performance.now() + DISCOVERY_MS }
    return config
  }

  return {
    start: async () => {
      const config = await configuration()
      const verifier = client.randomPKCECodeVerifier()
      const checks = { state: client.randomState(), nonce: client.randomNonce(), verifier }
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: callbackUrl(),
        scope: settings.scopes,
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      return { url, checks }
    },
    finish: async (query, { state, nonce, verifier }) => {
      const config = await configuration()
      try {
        const tokens = await client.authorizationCodeGrant(config, new URL(`${callbackUrl()}${query}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        const idClaims = tokens.claims()
        if (idClaims === undefined) throw new Error('The provider sent no ID token.')
        const hasUserInfo = config.serverMetadata().userinfo_endpoint !== undefined
        const more = hasUserInfo
          ? await client.fetchUserInfo(config, tokens.access_token, idClaims.sub)
          : undefined
        const all = { ...more, ...idClaims }
        const role = providerRole(all, settings)
        const claims = {
          issuer: settings.issuer,
          subject: idClaims.sub,
          ...personOf(all),
          providerRole: role,
        }
        return { claims, idToken: tokens.id_token ?? null }
      } catch (cause) {
        throw problemOf(cause)
      }
    },
    signOutUrl: async (idToken) => {
      const config = await configuration()
      if (config.serverMetadata().end_session_endpoint === undefined) return null
      return client.buildEndSessionUrl(config, {
        id_token_hint: idToken,
        post_logout_redirect_uri: `${settings.publicUrl}/console/sign-in`,
      })
    },
  }
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  // The settings allow http for addresses of this machine only.
  const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : []
  const authentication = clientSecret === null ? client.None() : undefined
  try {
    return await client.discovery(new URL(issuer), clientId, clientSecret ?? undefined, authentication, {
      execute,
      timeout: TIMEOUT_SECONDS,
    })
  } catch (cause) {
    throw new SignInProblem('unreachable', { cause })
  }
}

type Claims = { readonly [name: string]: unknown; readonly sub: string }

/** The name and e-mail address. Providers send them only if the scopes ask for them. */
function personOf(claims: Claims): { readonly name: string; readonly email: string | null } {
  const texts = [claims.name, claims.preferred_username, claims.email, claims.sub]
  const name = texts.find((text) => typeof text === 'string' && text.trim() !== '') as string
  const email = typeof claims.email === 'string' ? claims.email : null
  return { name: printable(name), email: email && printable(email) }
}

function printable(text: string): string {
  return text.replaceAll('\0', '').slice(0, NAME_CHARS_MAX)
}

/** fetch rejects with a TypeError if it cannot connect; openid-client passes it on or wraps it. */
function problemOf(cause: unknown): SignInProblem {
  if (cause instanceof client.AuthorizationResponseError && cause.error === 'access_denied')
    return new SignInProblem('denied', { cause })
  const isNetwork = cause instanceof TypeError && cause.message === 'fetch failed'
  const isTimeout = cause instanceof client.ClientError && cause.code === 'OAUTH_TIMEOUT'
  return new SignInProblem(isNetwork || isTimeout ? 'unreachable' : 'rejected', { cause })
}
