import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { errorText } from '@kinoprint/core'
import { listenFault } from './listen-fault.ts'
import type { Metrics } from './metrics.ts'
import { type Check, checkReadiness, type Readiness, type Warning } from './readiness.ts'
import { singleFlight } from './single-flight.ts'

export type HealthServer = {
  readonly host: string
  /** The port in use, which the system chose if 0 was given. */
  readonly port: number
  close(): Promise<void>
}

type HealthOptions = {
  readonly host: string
  /** 0 selects a free port. */
  readonly port: number
  readonly checks: Readonly<Record<string, Check>>
  readonly metrics: Pick<Metrics, 'render'>
  /** Listed in the response of /readyz, without affecting its status. */
  readonly warnings?: () => Promise<readonly Warning[]>
}

/**
 * Serves GET /healthz (200 while the process runs), /readyz (503 with the failed parts if it cannot work) and /metrics
 * on a port. Throws Fault InvalidSettings if it cannot listen.
 */
export async function startHealthServer({
  host,
  port,
  checks,
  metrics,
  warnings = async () => [],
}: HealthOptions): Promise<HealthServer> {
  const readiness = singleFlight(() => Promise.all([checkReadiness(checks), warnings()]))
  const render = singleFlight(() => metrics.render())
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const route = request.method === 'GET' || request.method === 'HEAD' ? routes[path] : undefined
    if (!route) {
      sendJson(response, 404, {
        error: { code: 'NotFound', message: `${request.method} ${path} does not exist.` },
      })
      return
    }
    route(response, { readiness, render }).catch((error: unknown) => {
      sendJson(response, 500, { error: { code: 'InternalError', message: errorText(error) } })
    })
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw listenFault(cause, { host, port, portSetting: 'WORKER_PORT' })
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

type Route = (response: ServerResponse, sources: RouteSources) => Promise<void>
type RouteSources = {
  readonly readiness: () => Promise<[Readiness, readonly Warning[]]>
  readonly render: Metrics['render']
}

const routes: Readonly<Record<string, Route>> = {
  '/healthz': async (response) => sendJson(response, 200, { status: 'ok' }),
  '/readyz': async (response, { readiness }) => {
    const [{ ready, failing }, warnings] = await readiness()
    // The API responds with the same body.
    sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'unavailable', failing, warnings })
  },
  '/metrics': async (response, { render }) => {
    const { contentType, body } = await render()
    response.writeHead(200, { 'content-type': contentType }).end(body)
  },
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
