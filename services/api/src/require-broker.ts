import { Fault } from '@kinoprint/core'
import { allowsMqName } from '@kinoprint/runtime'
import type { ApiSettings } from './context.ts'

/**
 * Callbacks of type TDMQ go to a RabbitMQ, and there to names that the operator has set aside for them: other queues
 * and exchanges of that broker belong to other programs.
 */
export const requireBroker = (
  { amqpUrl, amqpNames }: Pick<ApiSettings, 'amqpUrl' | 'amqpNames'>,
  mqName: string,
): void => {
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
