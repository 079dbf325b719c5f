import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** `pass` forwards bytes, `refuse` breaks every connection, `silent` drops every byte. */
type Line = 'pass' | 'refuse' | 'silent'

export type TcpProxy = {
  readonly port: number
  /**
   * Connections that were open while the proxy was silent stay dead when it forwards again, as behind a router that
   * has dropped their state.
   */
  set(line: Line): void
  close(): Promise<void>
}

/** A network between a client and a server on loopback that tests can interrupt. */
export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  let line: Line = 'pass'
  const clients = new Map<Socket, Socket | null>()
  const server = createServer((client) => {
    client.on('error', () => client.destroy())
    client.on('close', () => {
      clients.get(client)?.destroy()
      clients.delete(client)
    })
    if (line === 'refuse') {
      client.resetAndDestroy()
      return
    }
    clients.set(client, null)
    if (line === 'silent') client.resume()
    else clients.set(client, carry(client, targetPort))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      line = next
      if (next === 'pass') return
      for (const [client, target] of clients) {
        if (next === 'refuse') client.resetAndDestroy()
        else silence(client, target)
      }
    },
    close: async () => {
      for (const client of clients.keys()) client.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function carry(client: Socket, port: number): Socket {
  const target = connect(port, '127.0.0.1')
  target.on('error', () => client.destroy())
  target.on('close', () => {
    if (!silenced.has(client)) client.destroy()
  })
  client.pipe(target).pipe(client)
  return target
}

const silenced = new WeakSet<Socket>()

/** Neither side notices that the other is unreachable. */
function silence(client: Socket, target: Socket | null): void {
  silenced.add(client)
  client.unpipe()
  target?.unpipe()
  client.resume()
  target?.resume()
}
