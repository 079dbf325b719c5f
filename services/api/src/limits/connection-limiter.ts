import { networkOf } from '../http/client-address.ts'

type Closing = { once(event: 'close', listener: () => void): unknown }
type Socket = Closing & { readonly remoteAddress?: string | undefined; destroy(): unknown }
type Incoming = { readonly socket: Socket }
type Outgoing = Closing & { readonly closed?: boolean }

/** Limits open connections, in total and per address. */
export type ConnectionLimiter = {
  /** Registers a new connection. Over the limit, closes a connection that is waiting for its client. */
  accept(socket: Socket): void
  /** Registers a request from `address`, which differs from the connection's own address behind a proxy. */
  attach(req: Incoming, res: Outgoing, address: string): void
  /** Keeps the connection of an authenticated request open until its response has ended. */
  protect(req: Incoming, res: Outgoing): void
}

export type ConnectionLimiterOptions = {
  readonly total: number
  /** Whether TRUST_PROXY names this address. A proxy's connections count towards the clients of their requests. */
  readonly isProxy: (address: string) => boolean
}

type Connection = {
  readonly socket: Socket
  readonly ownAddress: string
  address: string
  protectedAnswers: number
}

/** The address of a trusted proxy's connections while they have no request. */
const PROXY_POOL = ''

/**
 * Allows `total` open connections, and half of them to one address. Over the limit, the address with the most waiting
 * connections loses the one that has waited longest. Thus idle or slow connections of one address never block another.
 */
export function createConnectionLimiter({ total, isProxy }: ConnectionLimiterOptions): ConnectionLimiter {
  const connections = new Map<Socket, Connection>()
  const registry = createRegistry()
  const protectedAnswers = new WeakSet<Outgoing>()

  const remove = (connection: Connection): void => {
    if (connections.delete(connection.socket)) registry.remove(connection)
  }
  const closeOldest = (address: string): void => {
    const oldest = registry.oldestWaiting(address)
    if (oldest === undefined) return
    remove(oldest)
    oldest.socket.destroy()
  }

  return {
    accept: (socket) => {
      const remote = socket.remoteAddress ?? 'unknown'
      const ownAddress = isProxy(remote) ? PROXY_POOL : networkOf(remote)
      const connection: Connection = { socket, ownAddress, address: ownAddress, protectedAnswers: 0 }
      connections.set(socket, connection)
      registry.add(connection)
      socket.once('close', () => remove(connection))
      if (ownAddress !== PROXY_POOL && registry.count(ownAddress) > total / 2) closeOldest(ownAddress)
      if (connections.size > total) closeOldest(registry.addressWithMostWaiting())
    },
    attach: (req, res, address) => {
      const connection = connections.get(req.socket)
      if (connection === undefined) return
      if (connection.ownAddress === PROXY_POOL && connection.address !== address) {
        registry.move(connection, address)
      }
      res.once('close', () => {
        if (protectedAnswers.has(res)) connection.protectedAnswers -= 1
        // Back to its own address, last among the waiting connections.
        if (connections.has(req.socket) && connection.protectedAnswers === 0) {
          registry.move(connection, connection.ownAddress)
        }
      })
    },
    protect: (req, res) => {
      const connection = connections.get(req.socket)
      if (connection === undefined || res.closed === true || protectedAnswers.has(res)) return
      protectedAnswers.add(res)
      connection.protectedAnswers += 1
      registry.stopWaiting(connection)
    },
  }
}

type Registry = {
  add(connection: Connection): void
  remove(connection: Connection): void
  /** Moves a connection to another address, where it waits unless it is protected. */
  move(connection: Connection, address: string): void
  stopWaiting(connection: Connection): void
  /** Open connections of an address. */
  count(address: string): number
  oldestWaiting(address: string): Connection | undefined
  /** Returns the proxies' pool only if no other address has waiting connections. */
  addressWithMostWaiting(): string
}

/** Counts connections per address, and lists those waiting for their client, longest wait first. */
function createRegistry(): Registry {
  const counts = new Map<string, number>()
  const waiting = new Map<string, Set<Connection>>()

  const addToCount = (address: string, change: number): void => {
    const count = (counts.get(address) ?? 0) + change
    if (count === 0) counts.delete(address)
    else counts.set(address, count)
  }
  const add = (connection: Connection): void => {
    addToCount(connection.address, 1)
    if (connection.protectedAnswers > 0) return
    const group = waiting.get(connection.address) ?? new Set()
    waiting.set(connection.address, group.add(connection))
  }
  const stopWaiting = (connection: Connection): void => {
    const group = waiting.get(connection.address)
    group?.delete(connection)
    if (group?.size === 0) waiting.delete(connection.address)
  }
  const remove = (connection: Connection): void => {
    stopWaiting(connection)
    addToCount(connection.address, -1)
  }
  return {
    add,
    remove,
    stopWaiting,
    move: (connection, address) => {
      remove(connection)
      connection.address = address
      add(connection)
    },
    count: (address) => counts.get(address) ?? 0,
    oldestWaiting: (address) => waiting.get(address)?.values().next().value,
    addressWithMostWaiting: () => {
      const groups = [...waiting].filter(([address]) => address !== PROXY_POOL)
      const [first, ...others] = groups
      if (first === undefined) return PROXY_POOL
      return others.reduce((most, group) => (group[1].size > most[1].size ? group : most), first)[0]
    },
  }
}
