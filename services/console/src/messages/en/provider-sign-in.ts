export const providerSignIn = {
  withProvider: 'Sign in with your organisation',
  inNewTab: 'It opens in a new tab. Come back here afterwards.',
  request: (id: string) => `Request ${id}`,
  problems: {
    off: 'This server has no identity provider. Sign in with the admin token, or set OIDC_ISSUER.',
    unreachable:
      'The identity provider does not respond. Try again, or ask an operator to check OIDC_ISSUER.',
    state: 'This sign-in has expired or was started in another browser. Sign in again.',
    denied: 'The sign-in was cancelled at the identity provider. Sign in again.',
    rejected:
      'The identity provider refused this server. Ask an operator to check OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and the redirect address.',
    role: 'You have no role here. Ask an admin to give you one under Settings, then sign in again.',
    blocked: 'An admin has blocked you. Ask an admin to unblock you under Settings.',
  } as Readonly<Record<string, string>>,
}
