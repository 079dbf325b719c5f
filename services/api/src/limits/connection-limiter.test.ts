import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { type ConnectionLimiter, createConnectionLimiter } from './connection-limiter.ts'

class FakeSocket extends EventEmitter {
  readonly remoteAddress: string
  destroyed = false
  constructor(remoteAddress: string) {
    super()
    this.remoteAddress = remoteAddress
  }
  destroy(): void {
    this.destroyed = true
    this.emit('close')
  }
}

function open(connections: ConnectionLimiter, address: string): FakeSocket {
  const socket = new FakeSocket(address)
  connections.accept(socket)
  return socket
}
function openMany(connections: ConnectionLimiter, address: string, count: number): FakeSocket[] {
  return Array.from({ length: count }, () => open(connections, address))
}
function openOnes(sockets: readonly FakeSocket[]): number {
  return sockets.filter(({ destroyed }) => !destroyed).length
}

/** Begins a request on a connection. Returns a function that ends it. */
function ask(
  connections: ConnectionLimiter,
  socket: FakeSocket,
  { address = '', keep = false } = {},
): () => void {
  const req = { socket }
  const res = new EventEmitter()
  connections.attach(req, res, address || socket.remoteAddress)
  if (keep) connections.protect(req, res)
  return () => res.emit('close')
}

function isProxy(address: string): boolean {
  return address === '10.0.0.1'
}

test('one address gets half of the connections, and each newer one closes its oldest waiting one', () => {
  const connections = createConnectionLimiter({ total: 100, isProxy })
  const sockets = openMany(connections, '192.0.2.1', 80)
  expect(openOnes(sockets)).toBe(50)
  expect(sockets[0]?.destroyed).toBe(true)
  expect(sockets[79]?.destroyed).toBe(false)
})

test('over the limit, the address with the most waiting connections loses one', {
  tags: ['fair-requests'],
}, () => {
  const connections = createConnectionLimiter({ total: 100, isProxy })
  const quiet = openMany(connections, '192.0.2.9', 5)
  for (let n = 1; n <= 4; n++) openMany(connections, `198.51.100.${n}`, 200)
  const late = openMany(connections, '192.0.2.8', 10)
  expect(openOnes(quiet)).toBe(5)
  expect(openOnes(late)).toBe(10)
})

test('all addresses of an IPv6 /64 count as one', () => {
  const connections = createConnectionLimiter({ total: 100, isProxy })
  const sockets = Array.from({ length: 80 }, (_, n) => open(connections, `2001:db8::${n.toString(16)}`))
  expect(openOnes(sockets)).toBe(50)
})

test('a connection with an authenticated request stays open until the response ends', () => {
  const connections = createConnectionLimiter({ total: 10, isProxy })
  const busy = open(connections, '192.0.2.1')
  const end = ask(connections, busy, { keep: true })
  openMany(connections, '192.0.2.1', 50)
  expect(busy.destroyed).toBe(false)
  end()
  openMany(connections, '192.0.2.1', 50)
  expect(busy.destroyed).toBe(true)
})

test('a connection of a trusted proxy counts towards the client whose request it carries', () => {
  const connections = createConnectionLimiter({ total: 100, isProxy })
  const idle = openMany(connections, '10.0.0.1', 40)
  const slow = openMany(connections, '10.0.0.1', 60)
  for (const socket of slow) ask(connections, socket, { address: '203.0.113.7' })
  openMany(connections, '192.0.2.1', 20)
  expect(openOnes(idle)).toBe(40)
  expect(openOnes(slow)).toBe(40)
})

test('closed connections are not counted', () => {
  const connections = createConnectionLimiter({ total: 10, isProxy })
  for (const socket of openMany(connections, '192.0.2.1', 5)) socket.destroy()
  expect(openOnes(openMany(connections, '192.0.2.1', 5))).toBe(5)
})
