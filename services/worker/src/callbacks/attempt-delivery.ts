import { errorText, inSpan, type Log } from '@kinoprint/core'
import type { CallbackResult } from '@kinoprint/runtime'
import { type DueDelivery, finishDelivery } from '@kinoprint/store'
import { type CallbackMessage, callbackMessage, type MessageOptions } from './callback-message.ts'
import { type RetryPlan, retryDelayMs } from './retry-delay.ts'
import { type SendOptions, sendMessage } from './send-message.ts'

export type AttemptContext = MessageOptions &
  SendOptions & {
    readonly log: Log
    readonly retryPlan: RetryPlan
  }

export type AttemptOutcome = 'delivered' | 'retried' | 'givenUp'

/** Abort reason when the worker stops. The receiver is not at fault, so the callback is due again at once. */
export const STOPPED = new Error('The worker was stopped during this attempt.')

/** Maximum length of a saved error. Control characters are removed, because PostgreSQL rejects some of them. */
const MAX_ERROR_LENGTH = 500

/** Performs one attempt and writes its result to the row. Throws only if the database fails; the lease then expires. */
export async function attemptDelivery(
  context: AttemptContext,
  delivery: DueDelivery,
  { signal }: { readonly signal: AbortSignal },
): Promise<AttemptOutcome> {
  const { db, log, retryPlan } = context
  const { deliveryId, jobId, matchEventId, libraryEventId, attempts: attempt } = delivery
  const startedMs = performance.now()
  const { result, message } = await trySending(context, delivery, signal)
  const tookMs = performance.now() - startedMs
  const retryInMs = retryDelayOf(result, { signal, elapsedMs: delivery.elapsedMs + tookMs, retryPlan })
  const error = result.kind === 'delivered' ? null : toReadable(result.error)
  await finishDelivery(db, {
    deliveryId,
    attempt,
    delivered: result.kind === 'delivered',
    retryInMs,
    error,
    httpStatus: result.kind === 'refused' ? null : result.httpStatus,
    body: message?.text,
    seconds: tookMs / 1000,
  })
  const subject = jobId === null ? { eventId: matchEventId ?? libraryEventId } : { jobId }
  const fields = { ...subject, deliveryId, attempt }
  if (result.kind === 'delivered') {
    log.debug(fields, 'Delivered a callback')
    return 'delivered'
  }
  if (retryInMs === null) {
    log.warn({ ...fields, error }, 'Gave up on a callback')
    return 'givenUp'
  }
  log.info({ ...fields, error, retryInMs }, 'Could not deliver a callback; will retry')
  return 'retried'
}

type Sending = { readonly result: CallbackResult; readonly message: CallbackMessage | null }

async function trySending(
  context: AttemptContext,
  delivery: DueDelivery,
  signal: AbortSignal,
): Promise<Sending> {
  let message: CallbackMessage | null = null
  try {
    message = await callbackMessage(context, delivery)
    if (message === null) {
      const error =
        delivery.jobId === null
          ? 'The match or library was deleted before this callback was sent.'
          : 'The job was retried before this callback was sent; its new result is reported instead.'
      return { message, result: { kind: 'refused', error } }
    }
    return { message, result: await sendTraced(context, delivery, { message, signal }) }
  } catch (error) {
    const reason = signal.aborted ? signal.reason : error
    return { message, result: { kind: 'failed', httpStatus: null, error: errorText(reason) } }
  }
}

/** Sends a message as a span, of the trace of its job where that is known. It names no address of a receiver. */
function sendTraced(
  context: AttemptContext,
  delivery: DueDelivery,
  sending: Parameters<typeof sendMessage>[2],
): Promise<CallbackResult> {
  const { type, jobId, traceParent } = delivery
  const attributes = { 'kinoprint.callback_type': type, ...(jobId !== null && { 'kinoprint.job_id': jobId }) }
  return inSpan(
    { name: `callback ${type}`, kind: 'client', parent: traceParent, attributes },
    async (span) => {
      const result = await sendMessage(context, delivery, sending)
      if (result.kind !== 'refused' && result.httpStatus !== null)
        span.set({ 'http.response.status_code': result.httpStatus })
      if (result.kind !== 'delivered') span.fail(result.kind)
      return result
    },
  )
}

type RetryContext = {
  readonly signal: AbortSignal
  readonly elapsedMs: number
  readonly retryPlan: RetryPlan
}

function retryDelayOf(result: CallbackResult, { signal, elapsedMs, retryPlan }: RetryContext): number | null {
  if (result.kind !== 'failed') return null
  return signal.reason === STOPPED ? 0 : retryDelayMs(elapsedMs, retryPlan)
}

function toReadable(error: string): string {
  return error.replace(/[\p{C}\s]+/gu, ' ').slice(0, MAX_ERROR_LENGTH)
}
