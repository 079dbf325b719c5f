export const signIn = {
  title: 'Sign in to Kinoprint',
  token: 'Admin token',
  name: 'Your name (optional)',
  nameHint: 'Stands beside your decisions.',
  show: 'Show',
  hide: 'Hide',
  submit: 'Sign in',
  where: 'The token is in the data folder of the server:',
  copy: 'Copy',
  copied: 'Copied',
  wrong: 'This is not the admin token.',
  tooMany: (seconds: number) =>
    `Too many wrong tokens from this address. Next try in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
  withProvider: 'Sign in with your organisation',
  withToken: 'Sign in with the admin token',
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
  expired: 'Your session has ended. Sign in to go on; the page stays as it is.',
}
