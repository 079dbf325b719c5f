import { setMaxListeners } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { createApp } from './app.ts'
import type { ApiOptions } from './context.ts'
import { createWebServer, type ServerCertificate } from './create-server.ts'
import { createConnectionLimiter } from './limits/connection-limiter.ts'

export type RunningApi = {
  /** The actual port, including when port 0 was requested. */
  readonly port: number
  /** Port of the listener for programs on this machine; null without one. */
  readonly localPort: number | null
  /** Uses another certificate for new connections. */
  setCertificate(certificate: ServerCertificate): void
  /** Stops accepting connections, lets requests finish, and closes the remaining ones after `timeoutMs` (5 s). */
  close(options?: { readonly timeoutMs?: number }): Promise<void>
}

type ListenOptions = {
  readonly port: number
  readonly host: string
  /** Serves https if present. */
  readonly certificate?: ServerCertificate | null
  /**
   * Also listens on a free port of 127.0.0.1 without TLS, for commands on this machine that cannot check a certificate
   * issued to another name.
   */
  readonly listenLocally?: boolean
}

/** Open connections in total. One address gets at most half of them. */
const CONNECTIONS_MAX = 2_000
const CLOSE_TIMEOUT_MS = 5_000
const LOCAL_HOST = '127.0.0.1'

/**
 * Starts the API on a port and host. Rejects if it cannot listen there.
 *
 * @example const api = await startApi({ port: 0, host: '127.0.0.1', ...options })
 */
export async function startApi(given: ApiOptions & ListenOptions): Promise<RunningApi> {
  const { port, host, certificate = null, listenLocally = false, ...options } = given
  const stopping = new AbortController()
  // Each event stream adds a listener.
  setMaxListeners(0, stopping.signal)
  const connections = createConnectionLimiter({
    total: CONNECTIONS_MAX,
    isProxy: (address) => isProxy(app, address),
  })
  const app = createApp({ ...options, stopping: stopping.signal }, { connections })
  const { corsOrigins } = options.settings
  const common = { app, connections, corsOrigins, maxSockets: 2 * CONNECTIONS_MAX }
  const web = createWebServer({ ...common, certificate })
  const local = listenLocally ? createWebServer({ ...common, certificate: null }) : null
  await listen(web.server, { port, host })
  if (local !== null) await listen(local.server, { port: 0, host: LOCAL_HOST })
  return {
    port: portOf(web.server),
    localPort: local === null ? null : portOf(local.server),
    setCertificate: web.setCertificate,
    close: async ({ timeoutMs = CLOSE_TIMEOUT_MS } = {}) => {
      stopping.abort()
      await Promise.all([web.close(timeoutMs), local?.close(timeoutMs)])
    },
  }
}

function isProxy(app: Express, address: string): boolean {
  const trusts = app.get('trust proxy fn') as (address: string, hop: number) => boolean
  return trusts(address, 0)
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function listen(server: Server, { port, host }: Pick<ListenOptions, 'port' | 'host'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
