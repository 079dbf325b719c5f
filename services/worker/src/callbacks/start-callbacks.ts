import type { ResultTag } from '@kinoprint/contract'
import type { Log } from '@kinoprint/core'
import { logFailure } from '@kinoprint/engine'
import { type AllowedTarget, createAllowList, type MqNames } from '@kinoprint/runtime'
import { type Database, dueDeliveries } from '@kinoprint/store'
import { noMetrics, type WorkerMetrics } from '../worker-metrics.ts'
import { type AttemptContext, attemptDelivery } from './attempt-delivery.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import { createBell } from './bell.ts'
import { openBroker } from './broker.ts'
import type { Resolve } from './check-target.ts'
import { createHostRests } from './host-rests.ts'
import { defaultRetryPlan, type RetryPlan } from './retry-delay.ts'

export type CallbackOptions = {
  readonly db: Database
  /** Opens the secrets of the API keys; 32 bytes. */
  readonly encryptionKey: Buffer
  /** Setting CALLBACK_ALLOW. */
  readonly callbackAllow: readonly AllowedTarget[]
  /** Setting RESULT_TAG. */
  readonly resultTag: ResultTag
  /** Setting CALLBACK_JSON_WRAPPER. */
  readonly callbackJsonWrapper: boolean
  /** Setting AMQP_URL; null without a message broker. */
  readonly amqpUrl: string | null
  /** Setting AMQP_NAMES: the queues and exchanges to which messages may go. */
  readonly amqpNames: MqNames
  readonly log: Log
  readonly metrics?: WorkerMetrics
  /** What tests shorten or replace. */
  readonly retryPlan?: RetryPlan
  readonly timeoutMs?: number
  readonly pollMs?: number
  readonly resolve?: Resolve
}

export type RunningCallbacks = {
  /** A job has ended here: look now. */
  wake(): void
  /** Lets attempts end for half the time, then breaks them off; they are due again at once. */
  close(options: { readonly timeoutMs: number }): Promise<void>
}

/** From the look-up of the name to the last byte of the answer. */
const TIMEOUT_MS = 10_000
/** What others have written, resent or left behind is found after so long at most. */
const POLL_MS = 1_000
/** While the database is away. */
const TROUBLE_MS = 3_000
/** A sender that gave no sign for so long is dead: the attempt's time-out, and time for the database. */
const LEASE_MS = 3 * TIMEOUT_MS
const TAKEN_AT_ONCE = 8

/**
 * Sends the callbacks that are due, several at once, each under a lease in its row, so that any number of workers
 * share them and none is lost with its worker.
 *
 * @example
 * const callbacks = startCallbacks({ db, encryptionKey, callbackAllow: [], resultTag: 'both', callbackJsonWrapper: false, amqpUrl: null, amqpNames: [], log })
 * await callbacks.close({ timeoutMs: 4_000 })
 */
export const startCallbacks = ({
  db,
  log,
  metrics = noMetrics,
  retryPlan = defaultRetryPlan,
  timeoutMs = TIMEOUT_MS,
  pollMs = POLL_MS,
  ...options
}: CallbackOptions): RunningCallbacks => {
  const broker = options.amqpUrl === null ? null : openBroker(options.amqpUrl, { log })
  const context: AttemptContext = {
    db,
    log,
    retryPlan,
    broker,
    encryptionKey: options.encryptionKey,
    resultTag: options.resultTag,
    jsonWrapper: options.callbackJsonWrapper,
    amqpNames: options.amqpNames,
    allow: createAllowList(options.callbackAllow),
    resolve: options.resolve,
  }
  const bell = createBell()
  const attempts = createAttempts({
    timeoutMs,
    rests: createHostRests({ baseMs: timeoutMs }),
    onEnd: bell.ring,
    run: async (delivery, signal) => {
      try {
        const outcome = await attemptDelivery(context, delivery, { signal })
        metrics.callbackTried?.({ type: delivery.type, outcome })
      } catch (err) {
        logFailure(log, err, {
          message: 'An attempt at a callback was not noted and is repeated',
          fields: { jobId: delivery.jobId },
        })
      }
    },
  })
  let stopped = false

  const loop = async (): Promise<void> => {
    while (!stopped) {
      try {
        if ((await startDue(db, attempts)) === 0) await bell.sleep(pollMs)
      } catch (err) {
        if (!stopped) logFailure(log, err, { message: 'Callbacks that are due could not be looked for' })
        await bell.sleep(TROUBLE_MS)
      }
    }
  }
  const done = loop()

  return {
    wake: bell.ring,
    close: async (closing) => {
      stopped = true
      bell.ring()
      await done
      await attempts.close(closing.timeoutMs / 2)
      await broker?.close()
    },
  }
}

/** Takes what is due and not more than there is room for; answers how many that were. */
const startDue = async (db: Database, attempts: Attempts): Promise<number> => {
  // One of each receiver at a time: then no receiver or tenant gets more than its share.
  const limit = Math.min(TAKEN_AT_ONCE, attempts.free())
  if (limit <= 0) return 0
  const { receivers, keys, tenants } = attempts.busy()
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
