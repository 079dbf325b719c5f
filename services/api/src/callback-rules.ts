import { type CallbackSettings, Fault } from '@kinoprint/core'
import { allowsMqName, callbackRefusal, createAllowList } from '@kinoprint/runtime'
import type { ApiSettings } from './context.ts'

/** Rejects a callback URL that the server would refuse to call later. Throws Fault InvalidArgument. */
export function requireAllowedCallback(
  { callbackAllow }: Pick<ApiSettings, 'callbackAllow'>,
  url: string | undefined,
): void {
  if (url === undefined || url === '') return
  const refusal = callbackRefusal(url, createAllowList(callbackAllow))
  if (refusal !== undefined) throw new Fault('InvalidArgument', refusal)
}

/**
 * Rejects a TDMQ callback without a broker (AMQP_URL), or to a queue or exchange that AMQP_NAMES does not allow. Other
 * names on the broker belong to other programs. Throws Fault InvalidArgument.
 */
export function requireBroker(
  { amqpUrl, amqpNames }: Pick<ApiSettings, 'amqpUrl' | 'amqpNames'>,
  mqName: string,
): void {
  if (!amqpUrl) {
    throw new Fault('InvalidArgument', 'TDMQ callbacks need a message broker. Set AMQP_URL on the server.')
  }
  if (mqName !== '' && !allowsMqName(amqpNames, mqName)) {
    const allowed = amqpNames.length === 0 ? 'none' : amqpNames.join(', ')
    throw new Fault(
      'InvalidArgument',
      `MqName ${mqName} is not allowed. The setting AMQP_NAMES allows: ${allowed}.`,
    )
  }
}

type CallbackRules = Parameters<typeof requireAllowedCallback>[0] &
  Parameters<typeof requireBroker>[0] &
  Parameters<typeof requireKafka>[0]

/** Rejects a callback that the server would not send. Throws Fault InvalidArgument. */
export function requireCallback(settings: CallbackRules, callback: CallbackSettings | undefined): void {
  if (callback === undefined) return
  if (callback.type === 'TDMQ') requireBroker(settings, callback.mqName ?? '')
  if (callback.type === 'Kafka') requireKafka(settings, callback.mqName ?? '')
  requireAllowedCallback(settings, callback.url)
}

/**
 * Rejects a Kafka callback without KAFKA_BROKERS, or to a topic that KAFKA_TOPICS does not allow. Throws Fault
 * InvalidArgument.
 */
export function requireKafka(
  { kafkaBrokers, kafkaTopics }: Pick<ApiSettings, 'kafkaBrokers' | 'kafkaTopics'>,
  topic: string,
): void {
  if (kafkaBrokers.length === 0) {
    throw new Fault('InvalidArgument', 'Kafka callbacks need Kafka. Set KAFKA_BROKERS on the server.')
  }
  if (topic !== '' && !allowsMqName(kafkaTopics, topic)) {
    const allowed = kafkaTopics.length === 0 ? 'none' : kafkaTopics.join(', ')
    throw new Fault(
      'InvalidArgument',
      `Topic ${topic} is not allowed. The setting KAFKA_TOPICS allows: ${allowed}.`,
    )
  }
}
