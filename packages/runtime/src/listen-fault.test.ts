import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Fault } from '@kinoprint/core'
import { expect, test } from 'vitest'
import { listenFault } from './listen-fault.ts'

const address = { host: '127.0.0.1', port: 8080, portSetting: 'PORT' } as const

/** The error of Node.js for an address that it cannot listen on. */
function failure(port: number, host: string): Promise<unknown> {
  return new Promise((resolve) => createServer().once('error', resolve).listen(port, host))
}

test('the error about a port in use names the setting to change', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const fault = listenFault(await failure(port, '127.0.0.1'), { ...address, port })
  other.close()
  expect(fault.message).toBe(
    `Port ${port} on 127.0.0.1 is in use by another program. Stop that program, or set PORT to a free port (0 picks one).`,
  )
})

test('the error about an address of another machine names HOST', async () => {
  const fault = listenFault(await failure(0, '192.0.2.1'), { ...address, host: '192.0.2.1' })
  expect(fault.message).toContain('192.0.2.1 is not an address of this machine. Set HOST')
})

test('any other reason why a server cannot listen is passed on with both settings', () => {
  const fault = listenFault(new Error('odd'), { ...address, portSetting: 'WORKER_PORT' })
  expect(fault.message).toBe('Cannot listen on 127.0.0.1:8080: odd. Check HOST and WORKER_PORT.')
})

test('a fault before the server listens is passed on as it is', () => {
  const fault = new Fault('InvalidSettings', 'The web console is not built.')
  expect(listenFault(fault, address)).toBe(fault)
})
