import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { listenFault } from './listen-fault.ts'
import type { Metrics } from './metrics.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { type Check, checkReadiness, type Readiness, type Warning } from './readiness.ts'

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
  /** Shown by /readyz; they make nothing unready. */
  readonly warnings?: () => Promise<readonly Warning[]>
}

/** GET /healthz (alive), /readyz (able to work, else 503 with the failing parts) and /metrics, on a port of their own. */
export async function startHealthServer({
  host,
  port,
  checks,
  metrics,
  warnings = async () => [],
}: HealthOptions): Promise<HealthServer> {
  const readiness = oneAtATime(() => Promise.all([checkReadiness(checks), warnings()]))
  const render = oneAtATime(() => metrics.render())
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const answer = request.method === 'GET' || request.method === 'HEAD' ? routes[path] : undefined
    if (!answer) return sendJson(response, 404, { error: { code: 'NotFound', message: 'Nothing is here.' } })
    answer(response, { readiness, render }).catch((error: unknown) => {
      sendJson(response, 500, { error: { code: 'InternalError', message: String(error) } })
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

type Route = (response: ServerResponse, parts: RouteParts) => Promise<void>
type RouteParts = {
  readonly readiness: () => Promise<[Readiness, readonly Warning[]]>
  readonly render: Metrics['render']
}

const routes: Readonly<Record<string, Route>> = {
  '/healthz': async (response) => sendJson(response, 200, { status: 'ok' }),
  '/readyz': async (response, { readiness }) => {
    const [{ ready, failing }, said] = await readiness()
    // The same body as the API's.
    sendJson(response, ready ? 200 : 503, {
      status: ready ? 'ready' : 'unavailable',
      failing,
      warnings: said,
    })
  },
  '/metrics': async (response, { render }) => {
    const { contentType, body } = await render()
    response.writeHead(200, { 'content-type': contentType }).end(body)
  },
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
