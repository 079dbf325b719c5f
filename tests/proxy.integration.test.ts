import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { type AddressInfo, createServer as createSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { deployed } from './monitoring.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-proxy-'))
const upstream = createServer((received, answer) => answer.end(JSON.stringify(received.headers)))
let proxy: ChildProcess
let port = 0

async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port: free } = socket.address() as AddressInfo
  socket.close()
  await once(socket, 'close')
  return free
}

/** What reaches the API of a request to the proxy. */
function throughProxy(headers: Readonly<Record<string, string>>): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', servername: 'videos.test', headers, rejectUnauthorized: false }
    const sent = request(options, async (answer) => {
      let text = ''
      for await (const part of answer) text += String(part)
      resolve(JSON.parse(text) as IncomingHttpHeaders)
    })
    sent.on('error', reject).end()
  })
}

beforeAll(async () => {
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  port = await freePort()
  // The port of plain HTTP belongs to root.
  const config = readFileSync(deployed('caddy/Caddyfile'), 'utf8').replace(
    'admin off',
    'admin off\n\tauto_https disable_redirects',
  )
  writeFileSync(join(folder, 'Caddyfile'), config)
  proxy = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PROXY_HOST: `videos.test:${port}`,
      PROXY_TO: `127.0.0.1:${(upstream.address() as AddressInfo).port}`,
    },
    stdio: 'ignore',
  })
  // Without Caddy, the wait below fails.
  proxy.once('error', () => undefined)
  await vi.waitFor(() => throughProxy({ host: 'videos.test' }), { timeout: 250_000, interval: 200 })
})
afterAll(() => {
  proxy.kill()
  upstream.close()
  rmSync(folder, { recursive: true, force: true })
})

test('the proxy passes on the host that a client signed, and replaces the forwarding headers that it sends', async () => {
  const host = `videos.test:${port}`
  const forged = {
    'x-forwarded-host': 'forged.test',
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-proto': 'http',
  }
  expect(await throughProxy({ host, authorization: 'q-sign-algorithm=sha1', ...forged })).toMatchObject({
    host,
    authorization: 'q-sign-algorithm=sha1',
    'x-forwarded-host': host,
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'https',
  })
})
