import { networkOf } from '../http/client-address.ts'

type Closing = { once(event: 'close', listener: () => void): unknown }
type Socket = Closing & { readonly remoteAddress?: string | undefined; destroy(): unknown }
type Incoming = { readonly socket: Socket }
type Outgoing = Closing & { readonly closed?: boolean }

/** The open connections, shared out by address. */
export type ConnectionLimiter = {
  /** A connection has come. Where there are too many, one that waits for its client is closed for it. */
  accept(socket: Socket): void
  /** A request has come, from `address`: behind a proxy that is not the connection's own. */
  attach(req: Incoming, res: Outgoing, address: string): void
  /** The request is authenticated: its connection is not closed for another one before its answer has ended. */
  protect(req: Incoming, res: Outgoing): void
}

export type ConnectionLimiterOptions = {
  readonly total: number
  /** Whether TRUST_PROXY names this address: its connections belong to the clients of their requests. */
  readonly isProxy: (address: string) => boolean
}

type Connection = { readonly socket: Socket; readonly home: string; address: string; kept: number }

/** ConnectionLimiter of trusted proxies without a request. */
const PROXIES = ''

/**
 * Keeps the number of open connections. One address has half of them at most. Where all are taken, the address with the
 * most waiting connections loses the one that has waited longest: idle ones, and those that send their head or body
 * slowly, never hold up another address.
 */
export function createConnectionLimiter({ total, isProxy }: ConnectionLimiterOptions): ConnectionLimiter {
  const all = new Map<Socket, Connection>()
  /** By address, the longest waiting first. */
  const waiting = new Map<string, Set<Connection>>()
  const counts = new Map<string, number>()
  /** Of authenticated requests. */
  const answers = new WeakSet<Outgoing>()

  const count = (address: string, change: number): void => {
    const now = (counts.get(address) ?? 0) + change
    if (now === 0) counts.delete(address)
    else counts.set(address, now)
  }
  const wait = (connection: Connection): void => {
    const group = waiting.get(connection.address) ?? new Set()
    waiting.set(connection.address, group.add(connection))
  }
  const unwait = (connection: Connection): void => {
    const group = waiting.get(connection.address)
    group?.delete(connection)
    if (group?.size === 0) waiting.delete(connection.address)
  }
  const move = (connection: Connection, address: string): void => {
    unwait(connection)
    count(connection.address, -1)
    connection.address = address
    count(address, 1)
    if (connection.kept === 0) wait(connection)
  }
  const remove = (connection: Connection): void => {
    if (!all.delete(connection.socket)) return
    unwait(connection)
    count(connection.address, -1)
  }
  const closeOldest = (address: string): void => {
    const [oldest] = waiting.get(address) ?? []
    if (oldest === undefined) return
    remove(oldest)
    oldest.socket.destroy()
  }

  return {
    accept: (socket) => {
      const remote = socket.remoteAddress ?? 'unknown'
      const home = isProxy(remote) ? PROXIES : networkOf(remote)
      const connection: Connection = { socket, home, address: home, kept: 0 }
      all.set(socket, connection)
      count(home, 1)
      wait(connection)
      socket.once('close', () => remove(connection))
      if (home !== PROXIES && (counts.get(home) ?? 0) > total / 2) closeOldest(home)
      if (all.size > total) closeOldest(greediest(waiting))
    },
    attach: (req, res, address) => {
      const connection = all.get(req.socket)
      if (connection === undefined) return
      if (connection.home === PROXIES && connection.address !== address) move(connection, address)
      res.once('close', () => {
        if (answers.has(res)) connection.kept -= 1
        // Back home, and the last of those that wait.
        if (all.has(req.socket) && connection.kept === 0) move(connection, connection.home)
      })
    },
    protect: (req, res) => {
      const connection = all.get(req.socket)
      if (connection === undefined || res.closed === true || answers.has(res)) return
      answers.add(res)
      connection.kept += 1
      unwait(connection)
    },
  }
}

/** The address with the most waiting connections; proxies only where there is no other. */
function greediest(waiting: ReadonlyMap<string, ReadonlySet<unknown>>): string {
  let found = PROXIES
  let most = 0
  for (const [address, { size }] of waiting) {
    if (address === PROXIES || size <= most) continue
    found = address
    most = size
  }
  return found
}
