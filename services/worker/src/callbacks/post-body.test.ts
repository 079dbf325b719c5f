import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Target } from './check-target.ts'
import { postBody } from './post-body.ts'
import { hang, openReceiver, type Receiver, reset, status } from './receiver.fixture.ts'

let receiver: Receiver
beforeAll(async () => {
  receiver = await openReceiver()
})
afterAll(() => receiver.close())

const at = (url: string, address = '127.0.0.1'): Target => ({
  kind: 'target',
  url: new URL(url),
  addresses: [{ address, family: 4 }],
})
const post = (target: Target, signal = AbortSignal.timeout(5_000)) =>
  postBody(target, { body: Buffer.from('hällo'), headers: { 'content-type': 'text/plain' }, signal })

test('posts the body with its length, to the checked address and under the name of the URL', async () => {
  receiver.reply(status(204))
  const answer = await post(at(`http://hooks.example:${receiver.port}/in?a=b#c`))
  expect(answer).toEqual({ status: 204, excerpt: '' })
  expect(receiver.received.at(-1)).toMatchObject({
    method: 'POST',
    path: '/in?a=b',
    headers: { host: `hooks.example:${receiver.port}`, 'content-length': '6', 'content-type': 'text/plain' },
    body: Buffer.from('hällo'),
  })
})

test('keeps the beginning of an answer and reads no endless one', async () => {
  let sent = 0
  let cutOff = false
  receiver.reply((response) => {
    response.on('close', () => {
      cutOff = true
    })
    const more = (): void => {
      if (cutOff) return
      sent += 16_384
      response.write('x'.repeat(16_384), () => setImmediate(more))
    }
    more()
  })
  const answer = await post(at(receiver.url))
  expect(answer).toEqual({ status: 200, excerpt: 'x'.repeat(200) })
  await expect.poll(() => cutOff).toBe(true)
  expect(sent).toBeLessThan(16_000_000)
})

test('a status that was seen counts, though the rest never comes or breaks off', async () => {
  receiver.reply((response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half')
  })
  expect(await post(at(receiver.url), AbortSignal.timeout(300))).toEqual({ status: 200, excerpt: 'half' })
  receiver.reply((response) => {
    response
      .writeHead(202, { 'content-length': '10' })
      .write('half', () => response.socket?.resetAndDestroy())
  })
  expect((await post(at(receiver.url))).status).toBe(202)
})

test('rejects where nothing comes, or no HTTP', async () => {
  receiver.reply(hang)
  await expect(post(at(receiver.url), AbortSignal.timeout(100))).rejects.toThrow()
  receiver.reply(reset)
  await expect(post(at(receiver.url))).rejects.toThrow()
  const noise = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'))
  noise.listen(0, '127.0.0.1')
  await once(noise, 'listening')
  await expect(post(at(`http://hooks.example:${(noise.address() as AddressInfo).port}/`))).rejects.toThrow()
  noise.close()
})

test('follows no redirect', async () => {
  const before = receiver.received.length
  receiver.reply((response) => response.writeHead(302, { location: receiver.url }).end())
  expect((await post(at(receiver.url))).status).toBe(302)
  expect(receiver.received.length).toBe(before + 1)
})

test('TLS asks for the name of the URL at the checked address', async () => {
  let hello = Buffer.alloc(0)
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      hello = Buffer.concat([hello, data])
      socket.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await expect(post(at(`https://hooks.example:${port}/`))).rejects.toThrow()
  expect(hello.toString('latin1')).toContain('hooks.example')
  server.close()
})
