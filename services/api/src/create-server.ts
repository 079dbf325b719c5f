import { createServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Cors, createCors } from './http/cors.ts'
import { answerConnect, answerMalformedRequest } from './http/malformed-request.ts'
import type { ConnectionLimiter } from './limits/connection-limiter.ts'

/** Long enough to upload a whole film over a slow connection. Small bodies have their own limit. */
const REQUEST_TIMEOUT_MS = 6 * 60 * 60 * 1000
const HEADERS_TIMEOUT_MS = 30_000
/** Time for a TLS handshake. */
const HANDSHAKE_TIMEOUT_MS = 10_000
/** How often the timeouts are checked. */
const TIMEOUT_CHECK_MS = 5_000
/** Longer than the 60 s of common proxies, so that the proxy closes an idle connection first. */
const KEEP_ALIVE_MS = 65_000
const IDLE_SWEEP_MS = 50

/** A certificate and its private key, in PEM. */
export type ServerCertificate = { readonly cert: string; readonly key: string }

/** An HTTP or HTTPS server. */
export type WebServer = {
  readonly server: HttpServer
  /** For https: the certificate of new connections. */
  readonly setCertificate: (certificate: ServerCertificate) => void
  /** Stops accepting connections, lets requests finish, and closes the remaining ones after `timeoutMs`. */
  readonly close: (timeoutMs: number) => Promise<void>
}

export type WebServerOptions = {
  readonly app: RequestListener
  readonly connections: ConnectionLimiter
  readonly corsOrigins: readonly string[]
  /** Limit on open sockets, as a backstop: `connections` closes connections earlier. */
  readonly maxSockets: number
  /** Serves https if present. */
  readonly certificate: ServerCertificate | null
}

/** Creates a server that does not listen yet. */
export function createWebServer(options: WebServerOptions): WebServer {
  const { app, connections, corsOrigins, maxSockets, certificate } = options
  const settings = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Node would reject a request without Host, but send neither a body nor our headers.
    requireHostHeader: false,
  }
  const secure =
    certificate === null
      ? null
      : createTlsServer({ ...settings, ...certificate, handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, app)
  const server: HttpServer = secure ?? createServer(settings, app)
  server.maxConnections = maxSockets
  server.on(secure === null ? 'connection' : 'secureConnection', (socket: Socket) =>
    connections.accept(socket),
  )
  answerOddRequests(server, createCors(corsOrigins))
  const sockets = trackSockets(server)
  return {
    server,
    setCertificate: ({ cert, key }) => secure?.setSecureContext({ cert, key }),
    close: (timeoutMs) => closeServer({ server, sockets }, timeoutMs),
  }
}

function answerOddRequests(server: HttpServer, cors: Cors): void {
  server.on('clientError', (error: Error, socket: Duplex) => answerMalformedRequest(cors, error, socket))
  server.on('connect', answerConnect)
  // Node would reject an unknown expectation with 417 and no body, which RFC 9110 §10.1.1 does not require.
  server.on('checkExpectation', (req, res) => server.emit('request', req, res))
}

/** The open sockets, including those whose TLS handshake has not ended, which Node's server does not close. */
function trackSockets(server: HttpServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

function closeServer(
  { server, sockets }: { readonly server: HttpServer; readonly sockets: ReadonlySet<Socket> },
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, timeoutMs)
    // A connection whose last request has just ended stays open, and would delay the close.
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS)
    server.close(() => {
      clearTimeout(timer)
      clearInterval(sweep)
      resolve()
    })
  })
}
