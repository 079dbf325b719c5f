import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

export type LossyProxy = {
  readonly url: string
  /** Connections that were opened to it. */
  readonly connections: () => number
  close(): Promise<void>
}

/**
 * Passes connections on to a server, but cuts the first `losses` of them off at the moment when the answer arrives:
 * the server has acted, and the client does not know it.
 */
export async function openLossyProxy(target: string, losses: number): Promise<LossyProxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let connections = 0
  const server = createServer((client) => {
    connections += 1
    const lost = connections <= losses
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream)
    if (lost) upstream.once('data', () => client.resetAndDestroy())
    else upstream.pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    close: async () => {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
