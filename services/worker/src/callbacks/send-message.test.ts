import { createAllowList, type Resolve } from '@kinoprint/runtime'
import type { Delivery } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CallbackMessage } from './callback-message.ts'
import { openReceiver, type Receiver } from './receiver.fixture.ts'
import { sendMessage } from './send-message.ts'

/** A server on loopback that must never receive a callback. */
let inside: Receiver
beforeAll(async () => {
  inside = await openReceiver()
})
afterAll(() => inside.close())

const message = {
  text: 'x',
  body: Buffer.from('x'),
  contentType: 'text/plain',
  requestId: 'r',
  headers: {},
} as unknown as CallbackMessage
function send(url: string, resolve: Resolve, allow = createAllowList([])) {
  return sendMessage({ allow, resolve, broker: null, amqpNames: [] }, { type: 'Url', url } as Delivery, {
    message,
    signal: AbortSignal.timeout(1_000),
  })
}
const answers =
  (...each: readonly string[]): Resolve =>
  async () => [{ address: each[Math.min(lookups++, each.length - 1)] ?? '', family: 4 }]
let lookups = 0

test('a name that resolves first to a public and then to an internal address is called at the public one', {
  tags: ['ssrf'],
}, async () => {
  lookups = 0
  // 127.0.0.2, where nothing listens, stands for the public host.
  const outside = { kind: 'network', address: '127.0.0.2', prefixBits: 32, family: 'ipv4' } as const
  const url = `http://rebinding.example:${inside.port}/`
  const sending = send(url, answers('127.0.0.2', '127.0.0.1'), createAllowList([outside]))
  await expect(sending).rejects.toThrow(/127\.0\.0\.2/)
  expect([lookups, inside.received.length]).toEqual([1, 0])
})

test('a redirect from an allowed receiver to an internal address is not followed', {
  tags: ['ssrf'],
}, async () => {
  const outside = await openReceiver()
  try {
    for (const code of [301, 302, 303, 307, 308]) {
      outside.reply((response) =>
        response.writeHead(code, { location: `http://127.0.0.1:${inside.port}/admin` }).end(),
      )
      const allowed = createAllowList([{ kind: 'host', host: 'hooks.example' }])
      const sent = await send(`http://hooks.example:${outside.port}/`, answers('127.0.0.1'), allowed)
      expect(sent).toMatchObject({ kind: 'failed', httpStatus: code })
    }
    expect([outside.received.length, inside.received.length]).toEqual([5, 0])
  } finally {
    await outside.close()
  }
})

test.each([
  'http://127.0.0.1:PORT/',
  'http://2130706433:PORT/',
  'http://0177.0.0.1:PORT/',
  'http://0x7f.1:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://localhost:PORT/',
  'http://0:PORT/',
])('no internal server receives a callback to %s', async (url) => {
  const sent = await send(url.replace('PORT', String(inside.port)), answers('127.0.0.1'))
  expect(sent.kind).toBe('refused')
  expect(inside.received).toEqual([])
})
