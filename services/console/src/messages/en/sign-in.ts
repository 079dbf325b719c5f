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
  withToken: 'Sign in with the admin token',
  expired: 'Your session has ended. Sign in to go on; the page stays as it is.',
}
