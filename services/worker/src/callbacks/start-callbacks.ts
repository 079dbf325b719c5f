import type { ResultTag } from '@kinoprint/contract'
import type { Log } from '@kinoprint/core'
import { logFailure } from '@kinoprint/engine'
import {
  type AllowedTarget,
  createAllowList,
  type KafkaSecurity,
  type MqNames,
  type Resolve,
} from '@kinoprint/runtime'
import { type Database, dueDeliveries } from '@kinoprint/store'
import { noMetrics, type WorkerMetrics } from '../worker-metrics.ts'
import { type AttemptContext, attemptDelivery } from './attempt-delivery.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import { openBroker } from './broker.ts'
import { openKafka } from './kafka.ts'
import { createReceiverBackoff } from './receiver-backoff.ts'
import { defaultRetryPlan, type RetryPlan } from './retry-delay.ts'
import { createWakeup } from './wakeup.ts'

export type CallbackOptions = {
  readonly db: Database
  /** Decrypts API secrets; 32 bytes. */
  readonly encryptionKey: Buffer
  /** Setting CALLBACK_ALLOW. */
  readonly callbackAllow: readonly AllowedTarget[]
  /** Setting CALLBACK_SECRETS. Default: none. */
  readonly callbackSecrets?: readonly Buffer[]
  /** Setting RESULT_TAG. */
  readonly resultTag: ResultTag
  /** Setting CALLBACK_JSON_WRAPPER. */
  readonly callbackJsonWrapper: boolean
  /** Setting AMQP_URL; null without a message broker. */
  readonly amqpUrl: string | null
  /** Setting AMQP_NAMES: the queues and exchanges that messages may go to. */
  readonly amqpNames: MqNames
  /** Setting KAFKA_BROKERS. Default: none. */
  readonly kafkaBrokers?: readonly string[]
  /** Setting KAFKA_TOPICS: the topics that messages may go to. Default: none. */
  readonly kafkaTopics?: MqNames
  /** TLS and SASL of Kafka. Default: neither. */
  readonly kafkaSecurity?: KafkaSecurity
  readonly log: Log
  readonly metrics?: WorkerMetrics
  /** Overridden by tests. */
  readonly retryPlan?: RetryPlan
  readonly timeoutMs?: number
  readonly pollMs?: number
  readonly resolve?: Resolve
}

export type RunningCallbacks = {
  /** Fetches due callbacks at once, because a job has ended in this process. */
  wake(): void
  /** Waits half of `timeoutMs` for attempts to end, then aborts them. Their callbacks are due again at once. */
  close(options: { readonly timeoutMs: number }): Promise<void>
}

/** Time limit of an attempt, from the DNS lookup to the last byte of the response. */
const TIMEOUT_MS = 10_000
/** Interval for fetching callbacks of jobs that ended in other processes. */
const POLL_MS = 1_000
/** Pause while the database is unavailable. */
const DATABASE_PAUSE_MS = 3_000
/** Time after which a sender is considered dead: the limit of an attempt plus time for the database. */
const LEASE_MS = 3 * TIMEOUT_MS
const BATCH_SIZE = 8

/**
 * Starts sending due callbacks, several at a time. Each is sent under a lease in its row, so that any number of workers
 * can share them and no callback is lost when a worker dies.
 *
 * @example
 * const callbacks = startCallbacks({
 *   db, encryptionKey, callbackAllow: [], resultTag: 'both', callbackJsonWrapper: false, amqpUrl: null, amqpNames: [], log,
 * })
 * await callbacks.close({ timeoutMs: 4_000 })
 */
export function startCallbacks({
  db,
  log,
  metrics = noMetrics,
  retryPlan = defaultRetryPlan,
  timeoutMs = TIMEOUT_MS,
  pollMs = POLL_MS,
  ...options
}: CallbackOptions): RunningCallbacks {
  const broker = options.amqpUrl === null ? null : openBroker(options.amqpUrl, { log })
  const { kafkaBrokers = [], kafkaTopics = [] } = options
  const kafka = kafkaBrokers.length === 0 ? null : openKafka(kafkaBrokers, options.kafkaSecurity)
  const context: AttemptContext = {
    db,
    log,
    retryPlan,
    broker,
    encryptionKey: options.encryptionKey,
    callbackSecrets: options.callbackSecrets ?? [],
    resultTag: options.resultTag,
    jsonWrapper: options.callbackJsonWrapper,
    amqpNames: options.amqpNames,
    kafka,
    kafkaTopics,
    allow: createAllowList(options.callbackAllow),
    resolve: options.resolve,
  }
  const wakeup = createWakeup()
  const attempts = createAttempts({
    timeoutMs,
    backoff: createReceiverBackoff({ baseMs: timeoutMs }),
    onEnd: wakeup.wake,
    run: async (delivery, signal) => {
      try {
        const outcome = await attemptDelivery(context, delivery, { signal })
        metrics.callbackTried?.({ type: delivery.type, outcome })
      } catch (err) {
        const message = 'Could not save a callback attempt; will repeat it'
        logFailure(log, err, { message, fields: { deliveryId: delivery.deliveryId } })
      }
    },
  })
  let stopped = false

  const loop = async (): Promise<void> => {
    while (!stopped) {
      try {
        if ((await startDue(db, attempts)) === 0) await wakeup.pause(pollMs)
      } catch (err) {
        if (!stopped) logFailure(log, err, { message: 'Could not fetch due callbacks' })
        await wakeup.pause(DATABASE_PAUSE_MS)
      }
    }
  }
  const done = loop()

  return {
    wake: wakeup.wake,
    close: async (closing) => {
      stopped = true
      wakeup.wake()
      await done
      await attempts.close(closing.timeoutMs / 2)
      await broker?.close()
      await kafka?.close()
    },
  }
}

/** Starts as many attempts for due callbacks as are free, and returns their number. */
async function startDue(db: Database, attempts: Attempts): Promise<number> {
  const limit = Math.min(BATCH_SIZE, attempts.free())
  if (limit <= 0) return 0
  const { receivers, keys, tenants } = attempts.busy()
  // One per receiver and tenant at a time, so that a batch exceeds no share.
  const due = await dueDeliveries(db, {
    limit,
    leaseMs: LEASE_MS,
    perHost: 1,
    perTenant: 1,
    exceptReceivers: receivers,
    exceptKeys: keys,
    exceptTenants: tenants,
  })
  for (const delivery of due) attempts.start(delivery)
  return due.length
}
