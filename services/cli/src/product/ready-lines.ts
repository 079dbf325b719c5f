import type { Secrets } from '@kinoprint/runtime'

/** The address for a client on this machine, even if the server listens on every interface. */
function shownHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

type Listening = { readonly host: string; readonly port: number; readonly isTls?: boolean }

export function urlOf({ host, port, isTls = false }: Listening): string {
  return `${isTls ? 'https' : 'http'}://${shownHost(host)}:${port}`
}

/** Lines for standard output once the server answers requests. Scripts rely on the first line. */
export function readyLines(
  url: string,
  { adminTokenFile, firstKeyFile }: Pick<Secrets, 'adminTokenFile' | 'firstKeyFile'>,
): string {
  return [
    `Kinoprint ready on ${url}`,
    `  admin token: ${adminTokenFile ?? 'as set by ADMIN_TOKEN'}`,
    `  first API key: ${firstKeyFile ?? 'as set by SECRET_ID and SECRET_KEY'}`,
    '',
  ].join('\n')
}
