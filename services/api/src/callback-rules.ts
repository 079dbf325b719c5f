import { Fault } from '@kinoprint/core'
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
