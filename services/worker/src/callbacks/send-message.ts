import {
  allowsMqName,
  type CallbackCheck,
  type CallbackResult,
  type MqNames,
  postCallback,
} from '@kinoprint/runtime'
import type { Delivery } from '@kinoprint/store'
import type { Broker } from './broker.ts'
import type { CallbackMessage } from './callback-message.ts'
import type { Kafka } from './kafka.ts'

export type SendOptions = CallbackCheck & {
  /** Null without AMQP_URL. */
  readonly broker: Broker | null
  /** Queues and exchanges that messages may go to. */
  readonly amqpNames: MqNames
  /** Null without KAFKA_BROKERS. */
  readonly kafka?: Kafka | null
  /** Topics that messages may go to. */
  readonly kafkaTopics?: MqNames
}

type Sending = { readonly message: CallbackMessage; readonly signal: AbortSignal }

/** Sends a message once, over HTTP, to the message broker or to Kafka. Throws if there is no response. */
export async function sendMessage(
  options: SendOptions,
  delivery: Delivery,
  sending: Sending,
): Promise<CallbackResult> {
  if (delivery.type === 'Kafka') return sendToKafka(options, delivery, sending)
  return delivery.type === 'Url'
    ? postCallback(delivery.url ?? '', sending.message, { ...options, signal: sending.signal })
    : sendToBroker(options, delivery, sending)
}

async function sendToBroker(
  { broker, amqpNames }: SendOptions,
  { mqMode, mqName }: Delivery,
  { message, signal }: Sending,
): Promise<CallbackResult> {
  if (broker === null) {
    const error = 'This worker has no message broker. Set AMQP_URL.'
    return { kind: 'failed', httpStatus: null, error }
  }
  const name = mqName ?? ''
  if (!allowsMqName(amqpNames, name)) {
    return { kind: 'refused', error: `AMQP_NAMES does not allow messages to ${name}.` }
  }
  const { body, contentType, requestId, headers } = message
  await broker.publish(
    { mode: mqMode ?? 'Queue', name, body, contentType, messageId: requestId, headers },
    { signal },
  )
  return { kind: 'delivered', httpStatus: null }
}

async function sendToKafka(
  { kafka = null, kafkaTopics = [] }: SendOptions,
  { mqName, jobId, deliveryId }: Delivery,
  { message, signal }: Sending,
): Promise<CallbackResult> {
  if (kafka === null) {
    return { kind: 'failed', httpStatus: null, error: 'This worker has no Kafka. Set KAFKA_BROKERS.' }
  }
  const topic = mqName ?? ''
  if (!allowsMqName(kafkaTopics, topic)) {
    return { kind: 'refused', error: `KAFKA_TOPICS does not allow messages to ${topic}.` }
  }
  const { body, contentType, headers } = message
  await kafka.publish(
    { topic, key: jobId ?? String(deliveryId), body, headers: { 'content-type': contentType, ...headers } },
    { signal },
  )
  return { kind: 'delivered', httpStatus: null }
}
