import { setMaxListeners } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { createApp } from './app.ts'
import type { ApiOptions } from './context.ts'
import { createCors } from './http/cors.ts'
import { answerConnect, answerMalformedRequest } from './http/malformed-request.ts'
import { createConnectionLimiter } from './limits/connection-limiter.ts'

export type RunningApi = {
  /** The actual port, including when port 0 was requested. */
  readonly port: number
  /** Stops accepting connections, lets requests finish, and closes the remaining ones after `timeoutMs` (5 s). */
  close(options?: { readonly timeoutMs?: number }): Promise<void>
}

type ListenOptions = { readonly port: number; readonly host: string }

/** Long enough to upload a whole film over a slow connection. Small bodies have their own limit. */
const REQUEST_TIMEOUT_MS = 6 * 60 * 60 * 1000
const HEADERS_TIMEOUT_MS = 30_000
/** How often the two timeouts are checked. */
const TIMEOUT_CHECK_MS = 5_000
/** Open connections in total. One address gets at most half of them. */
const CONNECTIONS_MAX = 2_000
/** Longer than the 60 s of common proxies, so that the proxy closes an idle connection first. */
const KEEP_ALIVE_MS = 65_000
const CLOSE_TIMEOUT_MS = 5_000
const IDLE_SWEEP_MS = 50

/**
 * Starts the API on a port and host. Rejects if it cannot listen there.
 *
 * @example const api = await startApi({ port: 0, host: '127.0.0.1', ...options })
 */
export async function startApi({ port, host, ...options }: ApiOptions & ListenOptions): Promise<RunningApi> {
  const stopping = new AbortController()
  // Each event stream adds a listener.
  setMaxListeners(0, stopping.signal)
  const connections = createConnectionLimiter({
    total: CONNECTIONS_MAX,
    isProxy: (address) => isProxy(app, address),
  })
  const app = createApp({ ...options, stopping: stopping.signal }, { connections })
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Node would reject a request without Host, but send neither a body nor our headers.
      requireHostHeader: false,
    },
    app,
  )
  // A backstop: `connections` closes connections earlier.
  server.maxConnections = 2 * CONNECTIONS_MAX
  server.on('connection', connections.accept)
  const cors = createCors(options.settings.corsOrigins)
  server.on('clientError', (error, socket) => answerMalformedRequest(cors, error, socket))
  server.on('connect', answerConnect)
  // Node would reject an unknown expectation with 417 and no body, which RFC 9110 §10.1.1 does not require.
  server.on('checkExpectation', (req, res) => server.emit('request', req, res))
  await listen(server, { port, host })
  return {
    port: (server.address() as AddressInfo).port,
    close: ({ timeoutMs = CLOSE_TIMEOUT_MS } = {}) => {
      stopping.abort()
      return closeServer(server, timeoutMs)
    },
  }
}

function isProxy(app: Express, address: string): boolean {
  const trusts = app.get('trust proxy fn') as (address: string, hop: number) => boolean
  return trusts(address, 0)
}

function listen(server: Server, { port, host }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closeServer(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), timeoutMs)
    // A connection whose last request has just ended stays open, and would delay the close.
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS)
    server.close(() => {
      clearTimeout(timer)
      clearInterval(sweep)
      resolve()
    })
  })
}
