import type { Secrets } from '@kinoprint/runtime'

/** What a client on this machine connects to where the server listens on every address. */
const shownHost = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

export const urlOf = ({ host, port }: { host: string; port: number }): string =>
  `http://${shownHost(host)}:${port}`

/** What standard output says once requests are answered. The first line is a contract with scripts. */
export const readyLines = (
  url: string,
  { adminTokenFile, firstKeyFile }: Pick<Secrets, 'adminTokenFile' | 'firstKeyFile'>,
): string =>
  [
    `Kinoprint ready on ${url}`,
    `  admin token: ${adminTokenFile ?? 'as set by ADMIN_TOKEN'}`,
    `  first API key: ${firstKeyFile ?? 'as set by SECRET_ID and SECRET_KEY'}`,
    '',
  ].join('\n')
