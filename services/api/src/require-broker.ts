import { Fault } from '@kinoprint/contract'
import type { ApiSettings } from './context.ts'

/** Callbacks of type TDMQ go to a RabbitMQ; without one they could never be delivered. */
export const requireBroker = ({ amqpUrl }: Pick<ApiSettings, 'amqpUrl'>): void => {
  if (!amqpUrl) {
    throw new Fault(
      'InvalidArgument',
      'Callbacks of type TDMQ need a message broker, and this server has none (setting AMQP_URL).',
    )
  }
}
