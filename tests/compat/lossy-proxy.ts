import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

export type LossyProxy = {
  readonly url: string
  /** Connections opened so far. */
  readonly connections: () => number
  /** While true, closes all connections and refuses new ones. */
  readonly block: (blocked: boolean) => void
  close(): Promise<void>
}

/**
 * Forwards connections to a server (address and port of `target`). Closes the first `losses` of them when the response
 * arrives: the server has acted, and the client does not know it.
 */
export async function openLossyProxy(target: string, losses = 0): Promise<LossyProxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let connections = 0
  let blocked = false
  const server = createServer((client) => {
    if (blocked) {
      client.destroy()
      return
    }
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
    block: (wanted) => {
      blocked = wanted
      if (blocked) for (const socket of open) socket.destroy()
    },
    close: async () => {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
