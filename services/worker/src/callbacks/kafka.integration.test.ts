import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CallbackHarness, openCallbackHarness } from './callback-harness.fixture.ts'
import { openKafka } from './kafka.ts'
import { type KafkaStandIn, startKafkaStandIn } from './kafka-stand-in.fixture.ts'

const TOPIC = 'kinoprint.results'
let kafka: KafkaStandIn
let harness: CallbackHarness
beforeAll(async () => {
  kafka = await startKafkaStandIn([TOPIC])
  harness = await openCallbackHarness()
})
afterAll(async () => {
  await harness.close()
  await kafka.close()
})

function callback(mqName: string) {
  return { silent: false, type: 'Kafka', format: 'JSON', mqRegion: 'ap-x', mqName } as const
}

test('the end of a job is sent to its topic with its signature, and again after a failure', {
  tags: ['callback-kafka'],
}, async () => {
  // 19: NOT_ENOUGH_REPLICAS.
  kafka.failNext = [19]
  const sender = harness.send({ kafkaBrokers: [kafka.address], kafkaTopics: ['kinoprint.*'] })
  const jobId = await harness.end(callback(TOPIC))
  const delivery = await harness.settled(jobId)
  expect(delivery).toMatchObject({ status: 'Delivered', type: 'Kafka', mqName: TOPIC, attempts: 2 })
  const sent = String(kafka.produced.at(-1))
  for (const part of [TOPIC, jobId, '"EventName":"TaskFinish"', 'webhook-signature', 'application/json'])
    expect(sent).toContain(part)
  await sender.close({ timeoutMs: 1_000 })
})

test('a topic that KAFKA_TOPICS does not allow gets nothing', { tags: ['kafka-topics'] }, async () => {
  const before = kafka.produced.length
  const sender = harness.send({ kafkaBrokers: [kafka.address], kafkaTopics: ['kinoprint.*'] })
  for (const topic of ['orders', '__consumer_offsets']) {
    const jobId = await harness.end(callback(topic))
    expect((await harness.settled(jobId)).lastError).toBe(`KAFKA_TOPICS does not allow messages to ${topic}.`)
  }
  expect(kafka.produced).toHaveLength(before)
  await sender.close({ timeoutMs: 1_000 })
})

test('a missing topic, an unreachable broker and an aborted attempt reject with the reason', async () => {
  const send = (address: string, topic: string, signal = new AbortController().signal) => {
    const client = openKafka([address])
    const message = { topic, key: 'j1', body: Buffer.from('x'), headers: {} }
    return client.publish(message, { signal }).finally(() => client.close())
  }
  await expect(send(kafka.address, 'none')).rejects.toThrow(/Kafka did not accept the message: .+\./)
  await expect(send('127.0.0.1:9', TOPIC)).rejects.toThrow(/Kafka did not accept the message: .+\./)
  await expect(send(kafka.address, TOPIC, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
})
