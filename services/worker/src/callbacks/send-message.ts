import { allowsMqName, type MqNames } from '@kinoprint/runtime'
import type { Delivery } from '@kinoprint/store'
import type { Broker } from './broker.ts'
import type { CallbackMessage } from './callback-message.ts'
import { type CheckOptions, checkTarget } from './check-target.ts'
import { postBody } from './post-body.ts'
import { rejectOnAbort } from './reject-on-abort.ts'

export type SendOptions = CheckOptions & {
  /** Null without AMQP_URL. */
  readonly broker: Broker | null
  /** Queues and exchanges that messages may go to. */
  readonly amqpNames: MqNames
}

/** A refused message would be refused again. A failed one may succeed later. */
export type SendResult =
  | { readonly kind: 'delivered'; readonly httpStatus: number | null }
  | { readonly kind: 'failed'; readonly httpStatus: number | null; readonly error: string }
  | { readonly kind: 'refused'; readonly error: string }

type Sending = { readonly message: CallbackMessage; readonly signal: AbortSignal }

/** Sends a message once, over HTTP or to the message broker. Throws if there is no response. */
export async function sendMessage(
  options: SendOptions,
  delivery: Delivery,
  sending: Sending,
): Promise<SendResult> {
  return delivery.type === 'Url'
    ? sendOverHttp(options, delivery.url ?? '', sending)
    : sendToBroker(options, delivery, sending)
}

async function sendOverHttp(
  options: CheckOptions,
  url: string,
  { message, signal }: Sending,
): Promise<SendResult> {
  // A DNS lookup cannot be aborted, so it is abandoned.
  const target = await rejectOnAbort(checkTarget(url, options), signal)
  if (target.kind === 'refused') return target
  const { status, excerpt } = await postBody(target, {
    body: message.body,
    headers: { 'content-type': message.contentType, 'user-agent': 'Kinoprint', ...message.headers },
    signal,
  })
  if (status >= 200 && status < 300) return { kind: 'delivered', httpStatus: status }
  const text = excerpt === '' ? '' : `: ${excerpt}`
  const hint = status >= 300 && status < 400 ? ' (redirects are not followed)' : ''
  return { kind: 'failed', httpStatus: status, error: `The receiver returned ${status}${hint}${text}` }
}

async function sendToBroker(
  { broker, amqpNames }: SendOptions,
  { mqMode, mqName }: Delivery,
  { message, signal }: Sending,
): Promise<SendResult> {
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
