import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { Fault } from '@kinoprint/contract'
import type { Metrics } from './metrics.ts'
import { type Check, checkReadiness } from './readiness.ts'

export type HealthServer = {
  readonly host: string
  /** The port in use, also where 0 was asked for. */
  readonly port: number
  close(): Promise<void>
}

export type HealthOptions = {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly checks: Readonly<Record<string, Check>>
  readonly metrics: Pick<Metrics, 'render'>
}

/** GET /healthz (alive), /readyz (able to work, else 503 with the failing parts) and /metrics, on a port of their own. */
export async function startHealthServer({
  host,
  port,
  checks,
  metrics,
}: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const answer = request.method === 'GET' || request.method === 'HEAD' ? routes[path] : undefined
    if (!answer) return sendJson(response, 404, { error: { code: 'NotFound', message: 'Nothing is here.' } })
    answer(response, { checks, metrics }).catch((error: unknown) => {
      sendJson(response, 500, { error: { code: 'InternalError', message: String(error) } })
    })
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Fault('InvalidSettings', `The health port ${host}:${port} cannot be opened: ${reason}.`, {
      cause,
    })
  }
  const address = server.address()
  return {
    host,
    port: typeof address === 'object' && address ? address.port : port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

type Route = (response: ServerResponse, parts: Pick<HealthOptions, 'checks' | 'metrics'>) => Promise<void>

const routes: Readonly<Record<string, Route>> = {
  '/healthz': async (response) => sendJson(response, 200, { status: 'ok' }),
  '/readyz': async (response, { checks }) => {
    const { ready, failing } = await checkReadiness(checks)
    // The same body as the API's.
    sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'unavailable', failing })
  },
  '/metrics': async (response, { metrics }) => {
    const { contentType, body } = await metrics.render()
    response.writeHead(200, { 'content-type': contentType }).end(body)
  },
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
