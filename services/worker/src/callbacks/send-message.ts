import { allowsMqName, type MqNames } from '@kinoprint/runtime'
import type { Delivery } from '@kinoprint/store'
import type { Broker } from './broker.ts'
import type { CallbackMessage } from './callback-message.ts'
import { type CheckOptions, checkTarget } from './check-target.ts'
import { postBody } from './post-body.ts'
import { unlessAborted } from './unless-aborted.ts'

export type SendOptions = CheckOptions & {
  /** Null where there is no AMQP_URL. */
  readonly broker: Broker | null
  /** Names of queues and exchanges to which messages may go. */
  readonly amqpNames: MqNames
}

/** How an attempt went. What was refused would be refused again; what failed may go well later. */
export type Sent =
  | { readonly kind: 'delivered'; readonly httpStatus: number | null }
  | { readonly kind: 'failed'; readonly httpStatus: number | null; readonly error: string }
  | { readonly kind: 'refused'; readonly error: string }

/** Sends it once. Throws where nothing came back. */
export const sendMessage = (
  options: SendOptions,
  delivery: Delivery,
  { message, signal }: { readonly message: CallbackMessage; readonly signal: AbortSignal },
): Promise<Sent> =>
  delivery.type === 'Url'
    ? overHttp(options, delivery.url ?? '', { message, signal })
    : overBroker(options, delivery, { message, signal })

type Sending = { readonly message: CallbackMessage; readonly signal: AbortSignal }

const overHttp = async (options: CheckOptions, url: string, { message, signal }: Sending): Promise<Sent> => {
  // The resolver cannot be stopped: it is left behind.
  const target = await unlessAborted(checkTarget(url, options), signal)
  if (target.kind === 'refused') return target
  const { status, excerpt } = await postBody(target, {
    body: message.body,
    headers: { 'content-type': message.contentType, 'user-agent': 'Kinoprint', ...message.headers },
    signal,
  })
  if (status >= 200 && status < 300) return { kind: 'delivered', httpStatus: status }
  const said = excerpt === '' ? '' : `: ${excerpt}`
  const kind = status >= 300 && status < 400 ? ' (redirects are not followed)' : ''
  return { kind: 'failed', httpStatus: status, error: `The receiver answered ${status}${kind}${said}` }
}

const overBroker = async (
  { broker, amqpNames }: SendOptions,
  { mqMode, mqName }: Delivery,
  { message, signal }: Sending,
): Promise<Sent> => {
  if (broker === null) {
    return {
      kind: 'failed',
      httpStatus: null,
      error: 'This worker has no message broker (setting AMQP_URL).',
    }
  }
  const name = mqName ?? ''
  if (!allowsMqName(amqpNames, name)) {
    return { kind: 'refused', error: `The settings allow no message to ${name} (setting AMQP_NAMES).` }
  }
  const { body, contentType, requestId, headers } = message
  await broker.publish(
    { mode: mqMode ?? 'Queue', name, body, contentType, messageId: requestId, headers },
    { signal },
  )
  return { kind: 'delivered', httpStatus: null }
}
