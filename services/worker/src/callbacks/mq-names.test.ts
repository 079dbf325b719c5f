import type { Delivery } from '@kinoprint/store'
import { expect, test } from 'vitest'
import type { Broker } from './broker.ts'
import { sendMessage } from './send-message.ts'

test('a message to a name that AMQP_NAMES no longer allows is refused permanently', {
  tags: ['broker-names'],
}, async () => {
  const published: string[] = []
  const broker: Broker = {
    publish: async ({ name }) => {
      published.push(name)
    },
    close: async () => undefined,
  }
  const allow = { allowsHost: () => false, allowsAddress: () => false }
  const message = {
    text: '',
    body: Buffer.from(''),
    contentType: 'application/xml',
    requestId: 'r',
    headers: {},
  }
  const send = (mqMode: 'Queue' | 'Topic', mqName: string) => {
    const delivery = { type: 'TDMQ', mqMode, mqName } as Delivery
    const signal = new AbortController().signal
    return sendMessage({ broker, allow, amqpNames: ['kinoprint.*'] }, delivery, { message, signal })
  }
  for (const mode of ['Queue', 'Topic'] as const) {
    for (const name of ['payments.internal', 'amq.fanout', '']) {
      expect(await send(mode, name)).toEqual({
        kind: 'refused',
        error: expect.stringContaining('AMQP_NAMES'),
      })
    }
    expect(await send(mode, 'kinoprint.ends')).toEqual({ kind: 'delivered', httpStatus: null })
  }
  expect(published).toEqual(['kinoprint.ends', 'kinoprint.ends'])
})
