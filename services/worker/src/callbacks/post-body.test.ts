import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { postBody, type Target } from '@kinoprint/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hang, openReceiver, type Receiver, reset, status } from './receiver.fixture.ts'

let receiver: Receiver
beforeAll(async () => {
  receiver = await openReceiver()
})
afterAll(() => receiver.close())

function at(url: string, address = '127.0.0.1'): Target {
  return {
    kind: 'target',
    url: new URL(url),
    addresses: [{ address, family: 4 }],
  }
}
function post(target: Target, signal = AbortSignal.timeout(250_000)) {
  return postBody(target, { body: Buffer.from('hällo'), headers: { 'content-type': 'text/plain' }, signal })
}

test('a body is posted with its length to the checked address, with the host name of the URL', async () => {
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

test('the beginning of a response is kept, and an endless response is cut off', async () => {
  let sent = 0
  let isCutOff = false
  receiver.reply((response) => {
    response.on('close', () => {
      isCutOff = true
    })
    const more = (): void => {
      if (isCutOff) return
      sent += 16_384
      response.write('x'.repeat(16_384), () => setImmediate(more))
    }
    more()
  })
  const answer = await post(at(receiver.url))
  expect(answer).toEqual({ status: 200, excerpt: 'x'.repeat(200) })
  await expect.poll(() => isCutOff).toBe(true)
  expect(sent).toBeLessThan(16_000_000)
})

test('a status counts even if the body stalls or is cut off', async () => {
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

test('a post fails if no response arrives or the response is not HTTP', async () => {
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

test('a redirect is not followed', async () => {
  const before = receiver.received.length
  receiver.reply((response) => response.writeHead(302, { location: receiver.url }).end())
  expect((await post(at(receiver.url))).status).toBe(302)
  expect(receiver.received.length).toBe(before + 1)
})

test('TLS sends the host name of the URL to the checked address', async () => {
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
