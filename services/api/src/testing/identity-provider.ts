import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

/** A person at the provider. The claims go into the response of its userinfo endpoint. */
type TestPerson = {
  readonly sub: string
  readonly name?: string
  readonly email?: string
  readonly roles?: readonly string[]
}

export type TestIdentityProvider = {
  readonly issuer: string
  /** Who signs in next without being asked; null refuses, as a person who cancels. */
  person: TestPerson | null
  close(): Promise<void>
}

export const TEST_CLIENT = { clientId: 'kinoprint', clientSecret: 'the-client-secret' } as const

/**
 * Starts an OpenID Connect provider on a free port: that of the package oidc-provider, whose sign-in page is replaced by
 * the answer of `person`. It sends browsers back to `publicUrl` only.
 */
export async function startIdentityProvider(publicUrl: string): Promise<TestIdentityProvider> {
  const server: Server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const running: TestIdentityProvider = {
    issuer,
    person: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: TEST_CLIENT.clientId,
        client_secret: TEST_CLIENT.clientSecret,
        redirect_uris: [`${publicUrl}/console/oidc/callback`],
        post_logout_redirect_uris: [`${publicUrl}/console/sign-in`],
      },
    ],
    claims: { profile: ['name'], email: ['email'], roles: ['roles'] },
    scopes: ['openid', 'profile', 'email', 'roles'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['a key of the test'] },
    interactions: { url: () => '/interaction' },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({ ...running.person, sub: accountId }),
    }),
    // The client is our own, so consent is given.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client?.clientId,
        accountId: ctx.oidc.session?.accountId,
      })
      grant.addOIDCScope('openid profile email roles')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  server.on('request', (req, res) => {
    if (req.url !== '/interaction') return answer(req, res)
    const { person } = running
    const result =
      person === null
        ? { error: 'access_denied', error_description: 'The person cancelled.' }
        : { login: { accountId: person.sub } }
    return provider.interactionFinished(req, res, result)
  })
  return running
}
