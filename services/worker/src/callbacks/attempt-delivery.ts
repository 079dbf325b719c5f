import type { Log } from '@kinoprint/core'
import { type DueDelivery, finishDelivery } from '@kinoprint/store'
import { type CallbackMessage, callbackMessage, type MessageOptions } from './callback-message.ts'
import { type RetryPlan, retryDelayMs } from './retry-delay.ts'
import { type SendOptions, type Sent, sendMessage } from './send-message.ts'

export type AttemptContext = MessageOptions &
  SendOptions & {
    readonly log: Log
    readonly retryPlan: RetryPlan
  }

export type AttemptOutcome = 'delivered' | 'retried' | 'givenUp'

/** Why a signal was aborted when the worker stops: not the receiver's fault, so it is sent again at once. */
export const STOPPED = new Error('The worker was stopped during this attempt.')

/** A row's error is for reading: no control characters, which PostgreSQL may not even store, and not much of it. */
const ERROR_CHARACTERS = 500
const readable = (text: string): string => text.replace(/[\p{C}\s]+/gu, ' ').slice(0, ERROR_CHARACTERS)

/** One attempt, from the row and back to it. Throws only where the database does: its lease ends by itself. */
export const attemptDelivery = async (
  context: AttemptContext,
  delivery: DueDelivery,
  { signal }: { readonly signal: AbortSignal },
): Promise<AttemptOutcome> => {
  const { db, log, retryPlan } = context
  const { deliveryId, jobId, attempts: attempt } = delivery
  const started = performance.now()
  const { sent, message } = await trySending(context, delivery, signal)
  const tookMs = performance.now() - started
  const delayMs = delayAfter(sent, { signal, elapsedMs: delivery.elapsedMs + tookMs, retryPlan })
  const error = sent.kind === 'delivered' ? null : readable(sent.error)
  await finishDelivery(db, {
    deliveryId,
    attempt,
    delivered: sent.kind === 'delivered',
    retryInMs: delayMs,
    error,
    httpStatus: sent.kind === 'refused' ? null : sent.httpStatus,
    body: message?.text,
    seconds: tookMs / 1000,
  })
  const fields = { jobId, deliveryId, attempt, error }
  if (sent.kind === 'delivered') log.debug({ jobId, deliveryId, attempt }, 'A callback was delivered')
  else if (delayMs === null) log.warn(fields, 'A callback is given up')
  else log.info({ ...fields, delayMs }, 'A callback did not arrive and is tried again')
  return sent.kind === 'delivered' ? 'delivered' : delayMs === null ? 'givenUp' : 'retried'
}

type Tried = { readonly sent: Sent; readonly message: CallbackMessage | null }

const trySending = async (
  context: AttemptContext,
  delivery: DueDelivery,
  signal: AbortSignal,
): Promise<Tried> => {
  let message: CallbackMessage | null = null
  try {
    message = await callbackMessage(context, delivery)
    if (message === null) {
      const error = 'The job was started anew before this was sent: its new end is reported instead.'
      return { message, sent: { kind: 'refused', error } }
    }
    const sent = await sendMessage(context, delivery, { message, signal })
    return { message, sent }
  } catch (error) {
    return { message, sent: { kind: 'failed', httpStatus: null, error: messageOf(error, signal) } }
  }
}

const delayAfter = (
  sent: Sent,
  {
    signal,
    elapsedMs,
    retryPlan,
  }: { readonly signal: AbortSignal; readonly elapsedMs: number; readonly retryPlan: RetryPlan },
): number | null => {
  if (sent.kind !== 'failed') return null
  return signal.reason === STOPPED ? 0 : retryDelayMs(elapsedMs, retryPlan)
}

const messageOf = (error: unknown, signal: AbortSignal): string => {
  const reason: unknown = signal.aborted ? signal.reason : error
  if (!(reason instanceof Error)) return String(reason)
  // Node joins the failures of several addresses in an error without words of its own.
  const parts = reason instanceof AggregateError ? reason.errors.map(String) : []
  return reason.message || parts.join('; ') || reason.name
}
