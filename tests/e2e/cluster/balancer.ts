import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One address in front of several servers. Each request goes to the next one, without regard to who sends it. */
export type Balancer = {
  readonly url: string
  /** The servers that get new requests. Those under way go on. */
  setBackends(urls: readonly string[]): void
  /** Requests that each server has answered. */
  readonly answered: ReadonlyMap<string, number>
  /** Requests that no server answered. */
  readonly failures: readonly string[]
  close(): Promise<void>
}

/** The response header that names the server that answered. */
export const SERVED_BY = 'x-served-by'

export async function openBalancer(): Promise<Balancer> {
  let backends: readonly string[] = []
  let turn = 0
  const answered = new Map<string, number>()
  const failures: string[] = []

  /** Sends a request to the next server. One that does not accept the connection has not seen the request. */
  const forward = (req: IncomingMessage, res: ServerResponse, attemptsLeft: number): void => {
    const backend = backends[turn++ % backends.length] ?? ''
    let isConnected = false
    const headers = { ...req.headers, 'x-forwarded-for': req.socket.remoteAddress }
    const upstream = request(`${backend}${req.url}`, { method: req.method, headers, agent: false })
    upstream.on('socket', (socket) =>
      socket.once('connect', () => {
        isConnected = true
        req.pipe(upstream)
      }),
    )
    upstream.on('response', (answer) => {
      answered.set(backend, (answered.get(backend) ?? 0) + 1)
      res.writeHead(answer.statusCode ?? 502, { ...answer.headers, [SERVED_BY]: backend })
      res.flushHeaders()
      answer.pipe(res)
      answer.on('error', () => res.destroy())
    })
    upstream.on('error', (error) => {
      if (res.headersSent || res.destroyed) res.destroy()
      else if (!isConnected && attemptsLeft > 0) forward(req, res, attemptsLeft - 1)
      else fail(req, res, error.message)
    })
    res.on('close', () => upstream.destroy())
  }
  const fail = (req: IncomingMessage, res: ServerResponse, reason: string): void => {
    failures.push(`${req.method} ${req.url}: ${reason}`)
    res.writeHead(502).end()
  }

  const server = createServer((req, res) => forward(req, res, backends.length - 1))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setBackends: (urls) => {
      backends = urls
    },
    answered,
    failures,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
