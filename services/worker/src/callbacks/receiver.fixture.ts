import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Received = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Responds to a request, or leaves it hanging. */
export type Reply = (response: ServerResponse, request: Received) => void

/** An HTTP server on loopback that records its requests. */
export type Receiver = {
  readonly url: string
  readonly port: number
  readonly received: readonly Received[]
  /** Sets the next replies, in order. The last one repeats. */
  reply(...replies: readonly Reply[]): void
  close(): Promise<void>
}

export const status =
  (code: number, text = ''): Reply =>
  (response) => {
    response.writeHead(code).end(text)
  }
export const hang: Reply = () => undefined
export const reset: Reply = (response) => {
  response.socket?.resetAndDestroy()
}

/** Listens on 127.0.0.1, or with `host` 0.0.0.0 on every loopback address. */
export async function openReceiver(host = '127.0.0.1'): Promise<Receiver> {
  const received: Received[] = []
  let replies: readonly Reply[] = [status(200)]
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const recorded = { method, path: url, headers, body: Buffer.concat(chunks) }
      received.push(recorded)
      const [reply = status(200), ...rest] = replies
      if (rest.length > 0) replies = rest
      reply(response, recorded)
    })
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/callback`,
    port,
    received,
    reply: (...next) => {
      replies = next
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
