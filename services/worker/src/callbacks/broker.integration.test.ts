import { createHmac } from 'node:crypto'
import { createServer } from 'node:net'
import { type Channel, type ChannelModel, connect, type GetMessage } from 'amqplib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RabbitServer, startRabbit } from '../../../../tests/rabbit.ts'
import { openBroker } from './broker.ts'
import { type CallbackHarness, openCallbackHarness } from './callback-harness.fixture.ts'

/** RabbitMQ starts slowly on a busy machine. */
const START_LIMIT_MS = 120_000

let rabbit: RabbitServer
let harness: CallbackHarness
let connection: ChannelModel
let channel: Channel

async function listen(): Promise<void> {
  connection = await connect(rabbit.url)
  connection.on('error', () => undefined)
  channel = await connection.createChannel()
}

beforeAll(async () => {
  rabbit = await startRabbit()
  harness = await openCallbackHarness()
  harness.send({ amqpUrl: rabbit.url, amqpNames: ['*'] })
  await listen()
}, START_LIMIT_MS)
afterAll(async () => {
  await harness.close()
  await connection.close()
  await rabbit.dispose()
}, START_LIMIT_MS)

function to(mqMode: 'Queue' | 'Topic', mqName: string) {
  return { silent: false, type: 'TDMQ', format: 'JSON', mqMode, mqRegion: 'local', mqName } as const
}

async function nextOf(queue: string): Promise<GetMessage> {
  const message = await channel.get(queue, { noAck: true })
  if (message === false) throw new Error(`Queue ${queue} is empty.`)
  return message
}

test('mode Queue sends a durable, typed and signed message to the queue', {
  tags: ['callback-mq'],
}, async () => {
  await channel.assertQueue('ends')
  const jobId = await harness.end(to('Queue', 'ends'))
  const delivery = await harness.settled(jobId)
  expect(delivery).toMatchObject({ status: 'Delivered', attempts: 1, lastStatus: null, type: 'TDMQ' })
  const { content, properties, fields } = await nextOf('ends')
  expect(JSON.parse(content.toString())).toMatchObject({
    EventName: 'TaskFinish',
    JobsDetail: { JobId: jobId, State: 'Success' },
  })
  const hmac = createHmac('sha256', harness.key.secretKey).update(content).digest('hex')
  expect(properties).toMatchObject({ contentType: 'application/json', deliveryMode: 2 })
  expect(properties.headers).toEqual({
    'x-ci-request-id': properties.messageId,
    'x-kinoprint-signature': `sha256=${hmac}`,
    'webhook-id': expect.stringMatching(/^msg_[0-9a-f]{32}$/),
    'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
    'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
  })
  expect(fields).toMatchObject({ exchange: '', routingKey: 'ends', messageCount: 0 })
})

test('mode Topic sends the message to every queue that is bound to the fanout exchange', {
  tags: ['callback-topic'],
}, async () => {
  await channel.assertExchange('all-ends', 'fanout')
  for (const queue of ['one', 'two']) {
    await channel.assertQueue(queue)
    await channel.bindQueue(queue, 'all-ends', '')
  }
  const jobId = await harness.end(to('Topic', 'all-ends'))
  expect((await harness.settled(jobId)).status).toBe('Delivered')
  for (const queue of ['one', 'two']) {
    const { content, fields } = await nextOf(queue)
    expect(content.toString()).toContain(jobId)
    expect(fields.exchange).toBe('all-ends')
  }
})

test('a callback to a missing queue or exchange fails until it exists', async () => {
  const queued = await harness.end(to('Queue', 'late'))
  const spread = await harness.end(to('Topic', 'late-all'))
  const failing = await harness.settled(queued, ({ lastError }) => lastError !== null)
  expect(failing).toMatchObject({ status: 'Pending', lastError: 'The message broker has no queue late.' })
  const missing = await harness.settled(spread, ({ lastError }) => lastError !== null)
  expect(missing.lastError).toContain("no exchange 'late-all'")
  await channel.assertQueue('late')
  await channel.assertExchange('late-all', 'fanout')
  expect((await harness.settled(queued)).status).toBe('Delivered')
  expect((await harness.settled(spread)).status).toBe('Delivered')
  expect((await nextOf('late')).fields.messageCount).toBe(0)
})

test(
  'a broker that was down receives the callbacks of jobs that ended in the meantime',
  async () => {
    await channel.assertQueue('patient', { durable: true })
    await rabbit.stop()
    const jobId = await harness.end(to('Queue', 'patient'))
    const waiting = await harness.settled(jobId, ({ attemptLog }) => attemptLog.length > 1)
    expect(waiting).toMatchObject({ status: 'Pending', lastError: expect.stringContaining('ECONNREFUSED') })
    await rabbit.start()
    expect((await harness.settled(jobId)).status).toBe('Delivered')
    await listen()
    expect((await nextOf('patient')).content.toString()).toContain(jobId)
  },
  START_LIMIT_MS,
)

test('an attempt to a broker that never responds is aborted at its time limit', async () => {
  const mute = createServer(() => undefined)
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  const address = mute.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const ignore = (): void => undefined
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }
  const broker = openBroker(`amqp://127.0.0.1:${port}`, { log, connectTimeoutMs: 300 })
  const message = {
    mode: 'Queue',
    name: 'q',
    body: Buffer.from('{}'),
    contentType: 'application/json',
  } as const
  await expect(
    broker.publish({ ...message, messageId: '1', headers: {} }, { signal: AbortSignal.timeout(100) }),
  ).rejects.toThrow()
  await broker.close()
  mute.close()
})
