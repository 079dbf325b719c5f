import { Fault } from '@kinoprint/core'
import { allowsMqName, callbackRefusal, createAllowList } from '@kinoprint/runtime'
import type { ApiSettings } from './context.ts'

/** Refuses a callback to an address that this server would never call: the sender is told at once, not by silence. */
export function requireAllowedCallback(
  { callbackAllow }: Pick<ApiSettings, 'callbackAllow'>,
  url: string | undefined,
): void {
  if (url === undefined || url === '') return
  const refusal = callbackRefusal(url, createAllowList(callbackAllow))
  if (refusal !== undefined) throw new Fault('InvalidArgument', refusal)
}

/**
 * Callbacks of type TDMQ go to a RabbitMQ, and there to names that the operator has set aside for them: other queues
 * and exchanges of that broker belong to other programs.
 */
export function requireBroker(
  { amqpUrl, amqpNames }: Pick<ApiSettings, 'amqpUrl' | 'amqpNames'>,
  mqName: string,
): void {
  if (!amqpUrl) {
    throw new Fault(
      'InvalidArgument',
      'Callbacks of type TDMQ need a message broker, and this server has none (setting AMQP_URL).',
    )
  }
  if (mqName !== '' && !allowsMqName(amqpNames, mqName)) {
    const allowed = amqpNames.length === 0 ? 'none' : amqpNames.join(', ')
    throw new Fault(
      'InvalidArgument',
      `MqName ${mqName} is not one that this server may send to (setting AMQP_NAMES allows ${allowed}).`,
    )
  }
}
