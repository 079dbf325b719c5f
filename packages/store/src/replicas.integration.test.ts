import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migratedServerDatabase } from './databases.fixture.ts'
import { openDatabase } from './open.ts'
import { createReplicas } from './replicas.ts'

const sockets = new Set<Socket>()
const silent = createServer((socket) => {
  sockets.add(socket)
  socket.on('error', () => undefined)
})
beforeAll(() => new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  for (const socket of sockets) socket.destroy()
  silent.close()
})

test('a replica that accepts connections but never answers is left alone, and reads go to the primary', async () => {
  const { url, drop } = await migratedServerDatabase()
  const primary = await openDatabase({ databaseUrl: url })
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : 0
  const db = await openDatabase({ databaseUrl: `postgres://u@127.0.0.1:${port}/d`, connectTimeoutMs: 300 })
  const replicas = createReplicas(primary, [{ name: 'one', db }])
  try {
    expect(await replicas.choose()).toBe(primary)
    expect(replicas.problems()).toEqual([
      { name: 'one', message: 'It accepts connections but does not answer.' },
    ])
    const tried = sockets.size
    expect(await replicas.choose()).toBe(primary)
    expect(sockets.size).toBe(tried)
  } finally {
    await replicas.close()
    await primary.close()
    await drop()
  }
})
